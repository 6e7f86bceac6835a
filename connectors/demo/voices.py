"""Sentences of the demonstration's writers: a dozen voices, each with its own openings, headings and closings."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Voice:
    """How one kind of writer puts an advert together. {t} title, {e} employer, {p} place, {b} branch, {u} hours."""

    key: str
    openings: tuple[str, ...]
    task_heads: tuple[str, ...]
    ask_heads: tuple[str, ...]
    offer_heads: tuple[str, ...]
    about_heads: tuple[str, ...]
    closings: tuple[str, ...]
    shape: str = "list"  # list, dashes or prose
    agency: bool = False
    extra: tuple[str, ...] = field(default=())


VOICES: tuple[Voice, ...] = (
    Voice("formal", ("{e} is voor de vestiging in {p} op zoek naar een {t}.", "Binnen {e} ontstaat ruimte voor een {t} ({u}).", "Voor ons team in {p} zoeken wij met ingang van volgende maand een {t}.",
                     "Ter versterking van de afdeling zoekt {e} een {t} voor {u} per week.", "Wegens pensionering van een collega komt bij {e} de functie van {t} vrij.", "{e} breidt uit. Daarom zoeken wij een {t} die met ons meebouwt."),
          ("Functieomschrijving", "De functie", "Werkzaamheden"), ("Functie-eisen", "Wij vragen"), ("Wij bieden", "Arbeidsvoorwaarden"), ("Over de organisatie", "Over ons"),
          ("Uw sollicitatie kunt u richten aan mevrouw {n} via {m}. Acquisitie naar aanleiding van deze vacature wordt niet op prijs gesteld.", "Voor nadere informatie kunt u contact opnemen met de heer {n}, telefoon {f}.", "Sluitingsdatum: drie weken na plaatsing. Een assessment kan deel uitmaken van de procedure."), "list"),
    Voice("warm", ("Ga jij met een glimlach naar je werk? Wij ook. Bij {e} in {p} zoeken we een {t} met hart voor mensen.", "Wat maakt jouw dag goed? Bij ons is dat dat ene kleine moment met iemand. Word {t} in {p}.",
                   "Samen zorgen we ervoor dat iedereen zich thuis voelt. Daarom zoekt {e} een {t}.", "Een dag bij ons in {p} is nooit hetzelfde. Zin om mee te doen als {t}?", "Bij {e} kijken we naar wat wél kan. Kom jij ons team versterken als {t}?"),
          ("Dit ga je doen", "Wat ga je doen?", "Jouw rol"), ("Wie ben jij?", "Dit neem je mee", "Jouw profiel"), ("Dit krijg je van ons", "Wat bieden wij jou?"), ("Wie zijn wij?", "Waar kom je te werken?"),
          ("Enthousiast? Stuur een berichtje naar {n} via {m} of bel {f}. De koffie staat klaar!", "Twijfel je nog? Loop een ochtend mee. Bel {n} op {f}.", "We maken graag kennis! Solliciteren kan met een filmpje, een brief of gewoon een appje."), "list"),
    Voice("terse", ("{t} gevraagd, {p}.", "Per direct: {t} voor onze werkplaats in {p}.", "Wij zoeken een {t}. Geen praatjes, wel mooi werk.", "{e} zoekt vakman/vakvrouw: {t}.", "Handen uit de mouwen als {t} in {p}."),
          ("Taken", "Werk"), ("Eisen", "Wat vragen wij"), ("Wij bieden", "Ons aanbod"), ("Bedrijf", "Over ons"),
          ("Interesse? Bel {n}: {f}.", "Mail je cv naar {m}.", "Kom langs op de zaak of bel even: {f}."), "dashes"),
    Voice("agency", ("Voor een van onze opdrachtgevers in {p} zijn wij op zoek naar een {t}.", "Onze klant, actief in {b}, zoekt een {t} in de omgeving van {p}.", "Ben jij per direct beschikbaar en zoek je een toffe baan als {t}? Lees dan snel verder!",
                     "Namens een mooie werkgever in {p} zoeken wij een {t} voor {u}.", "Toe aan een nieuwe uitdaging? Via ons ga je aan de slag als {t} in {p}!"),
          ("Functieomschrijving", "Wat ga je doen?", "Jouw werkzaamheden"), ("Functie-eisen", "Wat vragen wij?", "Jouw profiel"), ("Wat bieden wij?", "Arbeidsvoorwaarden"), ("Bedrijfsprofiel", "Over de opdrachtgever"),
          ("Solliciteer direct via de button of app {n} op {f}. Geen reactie op acquisitie.", "Vragen? Bel of app onze recruiter {n} op {f}, of mail naar {m}.", "Interesse? Reageer meteen, want deze vacature staat maar kort open!"), "list", True),
    Voice("startup", ("Hé jij daar! Wij zijn {e} en we zoeken een {t} die net zo blij wordt van goed werk als wij.", "Ons team in {p} groeit en we zoeken een {t}. Geen stropdassen, wel goede koffie.", "{t} worden bij een club die het anders doet? Dan zit je bij {e} goed.", "Klaar voor de volgende stap? Join ons als {t} in {p}."),
          ("Wat ga je doen?", "Jouw missie", "Taken"), ("Wat breng je mee?", "Wie ben jij?"), ("Wat krijg je?", "Wat bieden wij"), ("Wie zijn wij", "Over ons"),
          ("Klinkt goed? Stuur {n} een berichtje via {m}. We reageren binnen twee dagen, beloofd.", "App {n} ({f}) en we plannen een bakkie.", "Laat van je horen, dan kijken we samen of het klikt."), "prose"),
    Voice("public", ("Wilt u van betekenis zijn voor inwoners? {e} zoekt een {t} voor {u} per week.", "Bij {e} werkt u aan een leefbare omgeving. Voor de standplaats {p} zoeken wij een {t}.", "De afdeling zoekt een {t} die verder kijkt dan het eigen werkveld.", "{e} is een organisatie dicht bij de samenleving. Wij verwelkomen graag een nieuwe {t}."),
          ("Wat ga je doen", "Werkzaamheden"), ("Wij vragen", "Dit vragen wij"), ("Wij bieden", "Wat bieden wij"), ("Over ons", "Waar kom je te werken"),
          ("Een integriteitsonderzoek maakt deel uit van de procedure. Inlichtingen: {n}, {f}.", "Solliciteren kan tot en met de sluitingsdatum via de website. Interne kandidaten hebben voorrang.", "Voor vragen over de functie kunt u terecht bij {n} via {m}."), "list"),
    Voice("family", ("Al drie generaties lang doen wij waar we goed in zijn. Voor ons familiebedrijf in {p} zoeken we een {t}.", "{e} is een echt familiebedrijf waar iedereen elkaar kent. Onze nieuwe {t} past daar vast tussen.", "Wij zoeken versterking! Kun jij als {t} zelfstandig aan de slag?", "Zoek je een plek waar je gewoon jezelf kunt zijn? Word {t} bij {e} in {p}."),
          ("Wat ga je doen?", "Het werk"), ("Wat vragen wij?", "Wie zoeken wij"), ("Wat bieden wij?", "Wat krijg je"), ("Over ons", "Wie zijn wij"),
          ("Bel gerust met {n}: {f}. Even langskomen mag ook, de koffie is altijd vers.", "Stuur je brief naar {m} t.a.v. {n}.", "Heb je interesse? Laat het ons weten, een sollicitatiebrief is niet nodig."), "prose"),
    Voice("chain", ("Kom jij ons filiaal in {p} versterken als {t}?", "In {p} zoeken wij een {t} voor {u}. Flexibel en gezellig, dat is werken bij {e}.", "Werken bij {e} is teamwork. Word jij onze nieuwe {t}?", "Als {t} ben jij het gezicht van {e} in {p}."),
          ("Dit ga je doen", "Jouw taken"), ("Dit vragen wij", "Dit ben jij", "Wie ben jij?"), ("Dit bieden wij", "Wat bieden wij?"), ("Over ons", "Wie zijn wij"),
          ("Solliciteer online, binnen een week hoor je van ons.", "Loop binnen en vraag naar {n}, of mail naar {m}.", "Direct solliciteren? Klik op de knop!"), "list"),
    Voice("bigfirm", ("In ons distributiecentrum en op onze andere locaties rond {p} draait alles om mensen die aanpakken. Wij zoeken een {t}.", "Bij {e} werk je met moderne middelen in een team dat resultaat wil boeken. Nu gezocht: {t} in {p}.", "{e} groeit hard in {b}. Voor de locatie {p} zoeken wij een {t} voor {u}.", "Als {t} bij {e} ben je een onmisbare schakel."),
          ("Functieomschrijving", "Jouw verantwoordelijkheden", "Werkzaamheden"), ("Jouw profiel", "Functie-eisen"), ("Arbeidsvoorwaarden", "Wat bieden wij"), ("Over de organisatie", "Over ons"),
          ("Solliciteren kan via de website. Vragen stel je aan {n} ({m}).", "Een pre-employment screening is onderdeel van de procedure. Contact: {n}, {f}."), "dashes"),
    Voice("modern", ("Een functie waarin geen dag hetzelfde is: {t} in {p}.", "Jij zoekt een baan waar je trots op bent, wij zoeken een {t}.", "{u}, een vast team en ruimte om te leren. Dat is {t} zijn bij {e}.", "Stel je voor: je werkt als {t} in {p} en fluit op de fiets naar huis.", "Van dag één hoor je erbij. Start als {t} bij {e}."),
          ("Zo ziet je dag eruit", "Jouw taken", "Wat ga je doen"), ("Dit neem je mee", "Jouw profiel", "Wat vragen wij"), ("Wat krijg je", "Dit bieden wij"), ("Over ons", "Wie zijn wij"),
          ("Nieuwsgierig? {n} vertelt je graag meer: {f}.", "Reageer voor het eind van de maand via {m}.", "Upload je cv en we bellen je binnen drie werkdagen."), "prose"),
)

OFFERS = (
    "Een salaris tussen de {s1} en {s2} euro bruto per maand", "Je krijgt een cursus Excel als je die nodig hebt", "We betalen je heftruckcertificaat als je dat wilt halen", "25 vakantiedagen en 8% vakantiegeld",
    "Een contract voor een jaar met uitzicht op vast", "Reiskostenvergoeding vanaf de eerste kilometer", "Wij bieden trainingen in leidinggeven voor wie wil doorgroeien", "Een goede pensioenregeling", "Collega's bij wie je altijd terechtkunt",
    "Korting op de sportschool en een fietsplan", "Opleidingsmogelijkheden via onze eigen academie, zoals lassen, VCA of Engels", "Een eindejaarsuitkering van 8,33%", "Ruimte voor eigen initiatief", "Een gezellige vrijdagmiddagborrel", "Flexibele werktijden in overleg",
    "We bieden een EHBO-cursus aan op onze kosten", "Werkkleding en gereedschap van de zaak", "Inschaling volgens de cao", "Een laptop en telefoon van de zaak", "Een jaarlijks uitje met het hele team",
)
ABOUT = (
    "{e} is een toonaangevende speler in {b} met vestigingen in heel het land.", "Wij zijn al meer dan {j} jaar een begrip in {p} en omstreken.", "Onze klanten waarderen ons om kwaliteit, snelheid en een eerlijk verhaal.", "{e} is marktleider in software voor de logistiek en levert aan zorg, handel en techniek.",
    "Bij {e} werken ruim {k} collega's samen aan {b}.", "Sinds 1987 staan wij voor vakmanschap en plezier.", "Onze organisatie kent korte lijnen en een informele sfeer.", "{e} is een familiebedrijf dat met beide benen op de grond staat.", "Wij zijn een middelgrote organisatie die investeert in duurzaamheid en mensen.", "In {p} vind je ons in een nieuw pand vlak bij het station.",
)
NEGATIONS = ("Ervaring met SAP is niet nodig, dat leren we je.", "Een heftruckcertificaat is niet vereist.", "Geen ervaring? Geen probleem, wij leiden je op.", "Rijbewijs B is niet noodzakelijk, we zijn goed bereikbaar met het ov.", "Kennis van Photoshop is geen vereiste.")
ASK = {
    "tool": ("Je kunt werken met {s}", "Ervaring met {s}", "Je hebt gewerkt met {s} of iets vergelijkbaars", "Kennis van {s}", "Je bent handig met {s}", "{s} kent voor jou geen geheimen", "Aantoonbare ervaring met {s}", "Je vindt je weg in {s}", "Bekend met {s}", "Affiniteit met {s}"),
    "certificate": ("In het bezit van {s}", "{s} is een must", "Je hebt {s} of bent bereid dit te halen", "Geldig bewijs: {s}", "Je beschikt over {s}", "Bij voorkeur in bezit van {s}", "{s} (of bereid te behalen)", "Je bezit {s}"),
    "knowledge": ("Kennis van {s}", "Je hebt kennis van {s}", "Je weet alles van {s}", "Goede kennis op het gebied van {s}", "Je bent op de hoogte van {s}", "Ervaring op het gebied van {s}", "Je hebt verstand van {s}", "Basiskennis {s} is gewenst", "Je bent thuis in {s}"),
    "skill": ("Ervaring met {s}", "Je hebt ervaring in {s}", "Je bent goed in {s}", "{s}: daar ben je sterk in", "Je houdt je bezig met {s}", "Aantoonbare ervaring met {s}", "Je draait je hand niet om voor {s}", "Je werkt graag aan {s}", "Een paar jaar ervaring met {s}"),
    "attitude": ("Je bent {s}", "Een houding die past bij ons werk: {s}", "Kernwoorden voor jou zijn: {s}", "Je collega's noemen je {s}", "{s}, dat is jou op het lijf geschreven", "Belangrijk voor ons: {s}"),
}
NICE = ("Pré: {s}", "{s} is een pre", "Mooi meegenomen: {s}", "Heb je ook iets met {s}? Top!", "Ervaring met {s} is meegenomen", "Het is fijn als je ook {s} beheerst")
IN_TASK = ("Je bent verantwoordelijk voor {s}", "Een deel van je week bestaat uit {s}", "Samen met collega's houd je je bezig met {s}", "Daarnaast krijg je te maken met {s}", "Ook {s} hoort bij je werk", "Je zorgt voor {s}")
GENERAL_TASKS = (
    "Je overlegt dagelijks met je collega's en denkt mee over hoe het beter kan", "Je werkt nieuwe collega's in", "Je houdt je werkplek netjes en veilig", "Je meldt bijzonderheden bij je leidinggevende", "Je bent het eerste aanspreekpunt op de werkvloer",
    "Je draait mee in het weekendrooster", "Je springt bij waar dat nodig is", "Je krijgt veel vrijheid om je dag zelf in te delen", "Aan het eind van de dag draag je het werk over aan de volgende ploeg", "Je denkt mee over verbeteringen en durft die te zeggen",
    "Elke ochtend start je met een korte werkbespreking", "Je legt uit wat je doet, ook aan mensen zonder vakkennis", "Je sluit aan bij het overleg van het team", "Je weet wie je in de buurt kunt bellen als het druk is",
)
GENERAL_ASKS = (
    "Je woont in de buurt van {p}", "Je bent {u} per week beschikbaar", "Je steekt graag de handen uit de mouwen", "Een afgeronde opleiding op {o}", "{o} werk- en denkniveau", "Minimaal een jaar ervaring in een vergelijkbare functie", "Minimaal drie jaar ervaring in een vergelijkbare functie", "Starters zijn van harte welkom",
    "Je bent beschikbaar in het weekend", "Je kunt tegen een stootje en een grapje", "Je vindt het leuk om nieuwe dingen te leren", "Je komt je afspraken na",
)
FIRST_NAMES = ("Marieke", "Jeroen", "Fatima", "Henk", "Sanne", "Yusuf", "Ingrid", "Bas", "Noor", "Wim", "Esra", "Tom", "Lotte", "Gerrit", "Anouk", "Daan")
LAST_NAMES = ("van der Veen", "Bakker", "Yilmaz", "Hofstra", "de Groot", "Kuipers", "Aydin", "Smit", "ten Cate", "Postma", "Visser", "Wolters")
ENGLISH = (
    "{e} is looking for a {t} to join the team in {p}.", "We are a growing international company in {b} and we need a {t}.", "What you will do\nYou work with the team on daily operations and you help us improve.\n{tasks}",
    "Requirements\n{asks}\nA good command of English; Dutch is a plus.", "What we offer\nA competitive salary, 25 days off and training in project management.", "How to apply\nSend your resume to {m}. Agencies need not respond.",
)
GERMAN = "Wir suchen für unseren Standort in {p} einen {t}. Du arbeitest mit dem Team an der täglichen Arbeit und bist für die Qualität verantwortlich. Wir bieten einen sicheren Arbeitsplatz und ein gutes Gehalt. Bewirb dich jetzt bei {e} und werde ein Teil von unserem Team. Die Stelle ist ab sofort zu besetzen und für Berufseinsteiger geeignet."
