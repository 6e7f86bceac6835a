"""Lists of occupations per programme and override files, in the form their makers give them; the rows are invented."""

from __future__ import annotations

# Titles "Erkende opleidingscode", "Hoofdgroep naam" and "Sectorkamer naam" as seen in use; that of the occupation is not verified.
OFFICIAL = (
    "Erkende opleidingscode;Erkende opleidingsnaam;Hoofdgroep naam;Subgroep naam;Dossier naam;Sectorkamer naam;Beroep code;Beroep naam\r\n"
    "25287;Allround lasser;Techniek en procesindustrie;Metaal;Metaalbewerken;Techniek en gebouwde omgeving;1201;Lasser\r\n"
    "25287;Allround lasser;Techniek en procesindustrie;Metaal;Metaalbewerken;Techniek en gebouwde omgeving;1202;Constructiewerker\r\n"
    "25287;Allround lasser;Techniek en procesindustrie;Metaal;Metaalbewerken;Techniek en gebouwde omgeving;1201;Lasser\r\n"
    "25.180;Kok;Voedsel, natuur en leefomgeving;Horeca;Keuken;Voedsel, groen en gastvrijheid;0901;Kok\r\n"
    "79000;Bouw en infra;Bouw;Bouw;;Techniek en gebouwde omgeving;0001;Timmerman\r\n"
    "25999;Medewerker ICT;Ict;Ict;ICT;Ict en creatieve industrie;;\r\n"
    "onbekend;Iets;;;;;0002;Iets\r\n").encode("utf-8-sig")
COMPETENTNL = (
    b"crebo,beroep,esco_uri,weight\n25655,Mbo-verpleegkundige,http://data.europa.eu/esco/occupation/aaaa,0.6\n"
    b"25998,Software developer,https://linkeddata.competentnl.nl/uwv/id/occupation/34F57DD5E2,\n25998,Tester,,1.7\n")
COMPETENTNL_NAMES = b"id,occupation_uri,pref_label,label,label_type\n2,https://linkeddata.competentnl.nl/uwv/id/occupation/34F57DD5E2,VJ,VJ,prefLabel\n"
OVERRIDES = (
    b"crebo;occupation;weight;institution;reason;author;valid_from\n"
    b"25287;lasser;0,8;25PJ;Bedrijven in de regio nemen vooral deze lassers aan.;J. de Wit;1-8-2026\n"
    b"25287;http://data.europa.eu/esco/occupation/572c9810-e1ee-4f7a-a71f-820f17c0c25b;0;25PJ;Deze opleiding levert geen constructiewerkers.;J. de Wit;2026-08-01\n"
    b"25287;Lasser;0,5;25PJ;nog een keer;J. de Wit;2026-08-01\n"
    b"25x87;lasser;0,5;;typefout;J. de Wit;2026-08-01\n"
    b"25287;kok;1,5;;te zwaar;J. de Wit;2026-08-01\n"
    b"25287;kok;veel;;geen getal;J. de Wit;2026-08-01\n"
    b"25287;kok;0,5;;;J. de Wit;2026-08-01\n"
    b"25287;;0,5;;zonder beroep;J. de Wit;2026-08-01\n"
    b"25287;kok;0,5;;wanneer?;J. de Wit;31 augustus\n"
    b"25287;kok;0,5;;te veel;J. de Wit;2026-08-01;en nog wat\n")
