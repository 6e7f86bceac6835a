"""Every table and column of the warehouse, declared once.

DDL, the data dictionary, record contracts (etl/staging.py) and tests come from here. Reflection is not used.
A column is `column(name, type, description, unit=..., null=...)`; a table is `table(name, layer, description, source, ...)`.
Layers: staging (filled by sources), reference (shipped or derived lists), enriched (what we understood of it),
mart (small tables, one per question), meta (about the load itself). `published` tables are in every publication.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, Integer, MetaData, String, Table

SCHEMA_VERSION = 5
metadata = MetaData()

LAYERS = ("staging", "reference", "enriched", "mart", "meta")


def column(name: str, kind: Any, description: str, unit: str | None = None, null: bool = False) -> Column[Any]:
    """Declare a column with its meaning; `unit` is what one unit of the number is."""
    return Column(name, kind, nullable=null, info={"description": description, "unit": unit})


def table(
    name: str, layer: str, description: str, source: str, *columns: Column[Any],
    key: tuple[str, ...] = (), published: bool = True, order: tuple[str, ...] = (),
) -> Table:
    """Declare a table. `key` is its natural key (checked), `order` how publications sort it for fast reading."""
    assert layer in LAYERS, layer
    info = {"layer": layer, "description": description, "source": source, "key": key, "published": published,
            "order": order or key}
    return Table(name, metadata, *columns, info=info)


def bounds(name: str, what: str, unit: str, null: bool = False) -> list[Column[Any]]:
    """Point, lower and upper bound of an uncertain or masked count."""
    return [
        column(name, Double, f"{what}: middle of the interval or best estimate", unit, null),
        column(f"{name}_low", Double, f"{what}: lower bound", unit, null),
        column(f"{name}_high", Double, f"{what}: upper bound", unit, null),
    ]


# --- staging: areas -------------------------------------------------------------------------------------------
municipality = table(
    "municipality", "staging", "Municipalities of a year", "CBS Gebieden in Nederland",
    column("code", String, "Municipality code, GM and four digits"),
    column("year", Integer, "Year of the boundaries", "year"),
    column("name", String, "Name as CBS writes it"),
    column("province_code", String, "Province code, PV20..PV31"),
    column("province", String, "Province name"),
    key=("code", "year"),
)
region = table(
    "region", "staging", "Regions by scheme and year; the country itself is NL01 with scheme 'country'",
    "CBS Gebieden in Nederland",
    column("code", String, "Region code, e.g. AM36, CR04, PV23, NL01"),
    column("scheme", String, "arbeidsmarktregio, corop, province or country"),
    column("year", Integer, "Year of the boundaries", "year"),
    column("name", String, "Name of the region"),
    key=("scheme", "code", "year"),
)
municipality_region = table(
    "municipality_region", "staging", "Which region a municipality belongs to in a year", "CBS Gebieden in Nederland",
    column("municipality_code", String, "Municipality code"),
    column("scheme", String, "arbeidsmarktregio, corop or province"),
    column("year", Integer, "Year of the boundaries", "year"),
    column("region_code", String, "Region code"),
    key=("municipality_code", "scheme", "year"),
)
boundary = table(
    "boundary", "staging", "Generalised borders for maps; empty when PDOK was not reached", "PDOK gebiedsindelingen (CBS, Kadaster)",
    column("level", String, "gemeente or arbeidsmarktregio"),
    column("code", String, "Area code"),
    column("year", Integer, "Year of the boundaries", "year"),
    column("name", String, "Name as published"),
    column("geometry", String, "GeoJSON geometry, WGS84"),
    key=("level", "code", "year"),
)
# --- staging: CBS ---------------------------------------------------------------------------------------------
cbs_code = table(
    "cbs_code", "staging", "Code lists of the CBS tables in use", "CBS StatLine",
    column("table_id", String, "CBS table"),
    column("dimension", String, "Dimension of the table"),
    column("code", String, "Code, trimmed"),
    column("title", String, "Title of the code"),
    column("status", String, "Voorlopig, NaderVoorlopig or Definitief (periods only)", null=True),
    key=("table_id", "dimension", "code"),
)
open_vacancies = table(
    "open_vacancies", "staging", "Open vacancies at quarter end by SBI section and province", "CBS 83599NED",
    column("sbi_code", String, "SBI 2008 code as CBS writes it, e.g. T001081 (all)"),
    column("region_code", String, "NL01, landsdeel or province code, trimmed"),
    column("period", String, "CBS period, e.g. 2023KW02"),
    column("value_thousand", Double, "Open vacancies, one decimal: small cells are rounding noise", "x 1,000 vacancies", null=True),
    column("status", String, "Voorlopig, NaderVoorlopig or Definitief", null=True),
    key=("sbi_code", "region_code", "period"),
)
vacancy_flow = table(
    "vacancy_flow", "staging", "Open, newly arisen and filled vacancies by SBI section or company size, national", "CBS 80472ned",
    column("characteristic_code", String, "SBI or size class code"),
    column("period", String, "CBS period, e.g. 2023KW03"),
    column("open_thousand", Double, "Open at the end of the period", "x 1,000 vacancies", null=True),
    column("arisen_thousand", Double, "Newly arisen in the period", "x 1,000 vacancies", null=True),
    column("filled_thousand", Double, "Filled in the period", "x 1,000 vacancies", null=True),
    column("status", String, "Voorlopig, NaderVoorlopig or Definitief", null=True),
    key=("characteristic_code", "period"),
)
jobs = table(
    "jobs", "staging", "Jobs of employees in December by SBI section and region", "CBS 83582NED",
    column("sbi_code", String, "SBI 2008 code as CBS writes it, e.g. T001081 (all); names in cbs_code"),
    column("region_code", String, "NL01, landsdeel, province, COROP, municipality or labour-market region code, as far as CBS has them"),
    column("period", String, "CBS period, e.g. 2024JJ00"),
    column("jobs_thousand", Double, "Jobs of employees, one decimal; null: hidden by CBS", "x 1,000 jobs", null=True),
    column("status", String, "Voorlopig, NaderVoorlopig or Definitief", null=True),
    key=("sbi_code", "region_code", "period"),
)
benefits = table(
    "benefits", "staging", "Persons with an unemployment benefit (WW), seasonally adjusted", "CBS 85554NED",
    column("region_code", String, "NL01, province or labour-market region code"),
    column("period", String, "CBS period, e.g. 2026MM04"),
    column("sex", String, "CBS sex code"),
    column("age", String, "CBS age code"),
    column("margin", String, "CBS margin code: value, lower or upper bound"),
    column("persons", Double, "Persons on the last day of the month", "persons", null=True),
    column("status", String, "Voorlopig, NaderVoorlopig or Definitief", null=True),
    key=("region_code", "period", "sex", "age", "margin"),
)
# --- staging: DUO ---------------------------------------------------------------------------------------------
institution = table(
    "institution", "staging", "Institutions of mbo with the address of their head office", "DUO adressen mbo",
    column("code", String, "DUO institution code (BRIN), e.g. 25PJ"),
    column("name", String, "Name as in the address file"),
    column("kind", String, "ROC, BER, DOV ...", null=True),
    column("place", String, "Town of the head office", null=True),
    column("municipality_code", String, "Municipality of the head office", null=True),
    column("website", String, "Internet address", null=True),
    key=("code",),
)
enrolment = table(
    "enrolment", "staging", "Students per institution, programme and pathway on 1 October; 1-4 are masked at the source",
    "DUO mbo-studenten-per-instelling, file 03",
    column("institution_code", String, "DUO institution code"),
    column("institution_name", String, "Name as in this file (differs per file)"),
    column("crebo", String, "Programme code, text of five digits"),
    column("crebo_name", String, "Programme name as in this file"),
    column("level", Integer, "mbo level 1-4"),
    column("pathway", String, "bol, bbl or other (extraneus, ovo)"),
    column("pathway_source", String, "LEERWEG as in the source: BOLVT, BOLDT, BBL, EX, OVO"),
    column("sector", String, "Sectorkamer as DUO spells it"),
    column("main_group", String, "Hoofdgroep as DUO spells it", null=True),
    column("year", Integer, "Reference year (1 October)", "year"),
    column("students_low", Integer, "Lower bound of students (men and women)", "students"),
    column("students_high", Integer, "Upper bound of students (men and women)", "students"),
    column("masked", Boolean, "True when the source masked a part (-1 = 1 to 4)"),
    key=("institution_code", "crebo", "level", "pathway_source", "year"),
)
enrolment_pathway = table(
    "enrolment_pathway", "staging", "Students per institution and pathway on 1 October", "DUO mbo-studenten-per-instelling, file 01",
    column("institution_code", String, "DUO institution code"),
    column("year", Integer, "Reference year", "year"),
    column("pathway_source", String, "BBL, BOLDT, BOLVT, EX"),
    column("students_low", Integer, "Lower bound", "students"),
    column("students_high", Integer, "Upper bound", "students"),
    column("masked", Boolean, "True when masked at the source"),
    key=("institution_code", "year", "pathway_source"), published=False,  # beside the programmes, these totals would give masked counts away
)
home_students = table(
    "home_students", "staging", "Students on 1 October by the municipality they live in, per institution and pathway; 1-4 per age group are masked at the source",
    "DUO mbo-studenten-per-instelling, file 11",
    column("institution_code", String, "DUO institution code"),
    column("municipality_name", String, "Home municipality as written in the file (it has no codes)"),
    column("municipality_code", String, "Municipality of the boundary year; null when unresolved or abroad", null=True),
    column("home_status", String, "resolved, ambiguous, unknown or abroad; null before the name was looked up", null=True),
    column("province_name", String, "Home province as written; foreign ones too (BELGIE, DUITSLAND, ...)"),
    column("pathway", String, "bol, bbl or other"),
    column("year", Integer, "Reference year (1 October)", "year"),
    column("students_low", Integer, "Lower bound, all ages together", "students"),
    column("students_high", Integer, "Upper bound, all ages together", "students"),
    column("masked", Boolean, "True when the source masked an age group"),
    key=("institution_code", "municipality_name", "province_name", "pathway", "year"), published=False,
)
graduates = table(
    "graduates", "staging", "Diplomas per institution, programme and pathway in a diploma year; 1-4 are masked at the source",
    "DUO gediplomeerde-mbo-studenten",
    column("institution_code", String, "DUO institution code"),
    column("institution_name", String, "Name as in this file"),
    column("crebo", String, "Programme code, text of five digits"),
    column("crebo_name", String, "Programme name as in this file"),
    column("level", Integer, "mbo level 1-4"),
    column("pathway", String, "bol, bbl or other"),
    column("pathway_source", String, "LEERWEG as in the source"),
    column("sector", String, "Sectorkamer as DUO spells it"),
    column("main_group", String, "Hoofdgroep as DUO spells it", null=True),
    column("year", Integer, "Diploma year", "year"),
    column("graduates_low", Integer, "Lower bound of graduates", "graduates"),
    column("graduates_high", Integer, "Upper bound of graduates", "graduates"),
    column("masked", Boolean, "True when the source masked a part (-1 = 1 to 4)"),
    key=("institution_code", "crebo", "level", "pathway_source", "year"),
)
offer = table(
    "offer", "staging", "Programmes on offer per teaching location", "DUO mbo_opleidingsaanbod",
    column("institution_code", String, "DUO institution code", null=True),
    column("institution_name", String, "Name as in this file", null=True),
    column("crebo", String, "Programme code"),
    column("crebo_name", String, "Programme name", null=True),
    column("pathway", String, "bol, bbl or other", null=True),
    column("location", String, "Teaching location as named, or its postcode"),
    column("postcode", String, "Postcode of the location", null=True),
    column("place", String, "Town of the location as written"),
    column("municipality_code", String, "Municipality, when the file says so", null=True),
    key=("institution_code", "crebo", "pathway", "location"),
)
progression = table(
    "progression", "staging", "Share of graduates who continue in education; dropped figures first, the shipped ones where there are none",
    "Dropped file; warehouse/reference/progression.csv",
    column("level", Integer, "mbo level 1-4"),
    column("sector", String, "Sector code, or * for every sector without a row of its own"),
    column("share", Double, "Share of graduates who are in education the year after", "share"),
    column("share_low", Double, "Lower bound of that share", "share"),
    column("share_high", Double, "Upper bound of that share", "share"),
    column("basis", String, "published, partly assumed, assumed or own file (of the operator)"),
    column("source", String, "Publisher, table and year of the share and its bounds, and what is assumed"),
    key=("level", "sector"),
)
qualification = table(
    "qualification", "staging", "Qualifications of an official crebo list (SBB), for lineage and dossiers", "SBB crebolijst (dropped file)",
    column("crebo", String, "Programme code, text of five digits"),
    column("list_name", String, "File the row came from"),
    column("name", String, "Name of the qualification"),
    column("level", Integer, "mbo level 1-4", null=True),
    column("domain", String, "Domain of the list", null=True),
    column("dossier", String, "Dossier code", null=True),
    column("dossier_name", String, "Dossier name", null=True),
    key=("crebo", "list_name"),
)
crebo_occupation = table(
    "crebo_occupation", "staging", "Occupations that a list names for a programme, by name or ESCO address; not yet held against our occupations",
    "DUO combinatie erkende opleidingscode en beroep; CompetentNL (dropped file)",
    column("crebo", String, "Programme code, text of five digits"),
    column("origin", String, "official list or competentnl"),
    column("occupation_name", String, "Occupation as the list names it"),
    column("occupation_uri", String, "ESCO address, when the list gives one", null=True),
    column("weight", Double, "Share of the occupation's demand, when the list gives one", "share", null=True),
    column("programme_name", String, "Programme as the list names it", null=True),
    column("list_name", String, "File the row came from"),
    key=("crebo", "origin", "occupation_name"),
)
crosswalk_line = table(
    "crosswalk_line", "staging", "Lines of the override files of institutions, readable but not yet held against programmes and occupations",
    "Institutions (dropped files)",
    column("crebo", String, "Programme code"),
    column("occupation", String, "ESCO address or name of the occupation, as written"),
    column("weight", Double, "Share of the occupation's demand that the programme answers, 0-1", "share"),
    column("institution", String, "DUO institution code or name; empty = all", null=True),
    column("reason", String, "Why, in the author's words"),
    column("author", String, "Who says so"),
    column("valid_from", Date, "First day on which it holds"),
    column("file", String, "Name of the file"),
    column("line", Integer, "Line in the file, the heading is 1"),
    column("sha256", String, "Content address of the file: its version"),
    column("file_date", Date, "Date of the file"),
    key=("file", "line"), published=False,
)
# --- staging: ESCO --------------------------------------------------------------------------------------------
occupation = table(
    "occupation", "staging", "Occupations with Dutch and English names", "ESCO classification (European Commission)",
    column("uri", String, "ESCO occupation URI"),
    column("isco4", String, "ISCO-08 unit group, four digits", null=True),
    column("label_nl", String, "Dutch preferred label"),
    column("label_en", String, "English preferred label", null=True),
    column("alt_labels_nl", String, "Dutch alternative labels, separated by |", null=True),
    column("alt_labels_en", String, "English alternative labels, separated by |", null=True),
    key=("uri",),
)
esco_skill = table(
    "esco_skill", "staging", "Skills of ESCO", "ESCO classification (European Commission)",
    column("uri", String, "ESCO skill URI"),
    column("label_nl", String, "Dutch preferred label"),
    column("label_en", String, "English preferred label", null=True),
    column("kind", String, "knowledge or skill/competence", null=True),
    column("alt_labels_nl", String, "Dutch alternative labels, separated by |", null=True),
    key=("uri",),
)
occupation_skill = table(
    "occupation_skill", "staging", "Skills ESCO relates to occupations", "ESCO classification (European Commission)",
    column("occupation_uri", String, "ESCO occupation URI"),
    column("skill_uri", String, "Skill URI"),
    column("relation", String, "essential or optional"),
    key=("occupation_uri", "skill_uri"),
)
skill_broader = table(
    "skill_broader", "staging", "Broader skills of ESCO skills, groups left out", "ESCO classification (European Commission)",
    column("skill_uri", String, "Skill URI"),
    column("broader_uri", String, "URI of a broader skill"),
    key=("skill_uri", "broader_uri"),
)
# --- staging: vacancies and indicators ------------------------------------------------------------------------
advert = table(
    "advert", "staging", "Vacancy adverts as they came, one row per advert of a source", "Vacancy sources",
    column("source", String, "Key of the source"),
    column("source_id", String, "Identifier at the source"),
    column("url", String, "Address of the original", null=True),
    column("title", String, "Title as written"),
    column("description", String, "Text as written (may hold HTML)"),
    column("employer", String, "Hiring organisation as written", null=True),
    column("advertiser_kind", String, "employer, agency or unknown", null=True),
    column("place_text", String, "Place of work as written", null=True),
    column("province_text", String, "Province or region as written", null=True),
    column("postcode", String, "Postcode of the place of work", null=True),
    column("country", String, "Country as written", null=True),
    column("published_on", Date, "Date of publication at the source"),
    column("closes_on", Date, "Closing date", null=True),
    column("employment_type", String, "Contract or hours as written", null=True),
    column("education_text", String, "Requested education as written", null=True),
    column("occupation_text", String, "Occupation as coded by the source", null=True),
    column("first_seen", Date, "First load in which we saw it, or its publication date when earlier"),
    column("last_seen", Date, "Last load in which we saw it"),
    key=("source", "source_id"), published=False,
)
tension = table(
    "tension", "staging", "Official labour-market tension by occupation group and region", "UWV Spanningsindicator (dropped file)",
    column("region_code", String, "Labour-market region code, or NL01"),
    column("region_name", String, "Region as written in the file"),
    column("occupation_group", String, "UWV occupation group"),
    column("period", String, "Quarter, e.g. 2026KW02"),
    column("value", Double, "Open vacancies per person with a short benefit; high = shortage of people", "ratio", null=True),
    column("class", String, "zeer ruim, ruim, gemiddeld, krap or zeer krap", null=True),
    column("definition", String, "The denominator used by this publication", null=True),
    key=("region_name", "occupation_group", "period"),
)
official_indicator = table(
    "official_indicator", "staging", "Figures of others about shortage of people and chances of work, as they publish them; what each means is in table indicator",
    "UWV, SBB (dropped files), ROA (dropped file), CBS 85696NED",
    column("indicator", String, "Key of the indicator, see table indicator"),
    column("region_code", String, "Labour-market region; null = the whole country", null=True),
    column("crebo", String, "Programme, where the source has it", null=True),
    column("level", Integer, "mbo level 1-4, where the source has it; null = all levels", null=True),
    column("sector", String, "Sectorkamer as DUO spells it, where the source has it", null=True),
    column("group_name", String, "Group as the source names it: occupation group (UWV), type of education (ROA), field of study (CBS)", null=True),
    column("period", String, "Period as the source has it: 2025KW04, 2030, 2022SJ00"),
    column("value", Double, "The figure, in the unit of the indicator", null=True),
    column("value_text", String, "The class as the publisher prints it", null=True),
    column("low", Double, "Lower bound, where part of the people is unknown at the source", null=True),
    column("high", Double, "Upper bound", null=True),
    column("unit", String, "ratio, share or class"),
    column("definition", String, "The definition of this publication, where it states one", null=True),
    column("direction", String, "Which side of the value means that people are scarce or chances good: high or low"),
    column("source", String, "Key of the source"),
    column("status", String, "Voorlopig or Definitief, where the source says so", null=True),
    key=("indicator", "region_code", "crebo", "level", "sector", "group_name", "period"),
)
# --- reference ------------------------------------------------------------------------------------------------
indicator = table(
    "indicator", "reference", "What the figures of others mean: definition, direction, classes and level of detail", "warehouse/reference/indicators.csv",
    column("key", String, "Key of the indicator"),
    column("name_nl", String, "Dutch name"),
    column("name_en", String, "English name"),
    column("publisher", String, "Who publishes it"),
    column("formula_nl", String, "Definition in Dutch words"),
    column("formula_en", String, "Definition in English words"),
    column("direction", String, "Which side of the value means that people are scarce or chances good: high or low"),
    column("direction_nl", String, "The direction in Dutch words, printed wherever the indicator is shown"),
    column("direction_en", String, "The direction in English words"),
    column("classes", String, "The publisher's words with their upper bounds, separated by |; a word without a bound is the last one or has none"),
    column("tight", String, "Words that mean: people are scarce, chances are good"),
    column("slack", String, "Words that mean: people enough, chances are small"),
    column("margin", Double, "Where the publisher has no classes: how far from the whole group counts as a difference (our choice)", "share", null=True),
    column("basis", String, "stock, forecast or outcome; ours is a flow"),
    column("levels", String, "all (mbo and higher together) or own (per mbo level)"),
    column("detail_nl", String, "Level of detail in Dutch words"),
    column("detail_en", String, "Level of detail in English words"),
    column("origin", String, "Where definition and classes come from"),
    key=("key",),
)
sector = table(
    "sector", "reference", "The eight sectors (SBB sectorkamers), as DUO spells them", "SBB, DUO; warehouse/reference/sectors.csv",
    column("code", String, "Short code used in links, e.g. techniek"),
    column("name", String, "Name as DUO spells it"),
    column("name_en", String, "English name"),
    column("short_nl", String, "Short Dutch label for figures"),
    column("short_en", String, "Short English label for figures"),
    column("position", Integer, "Order on screens"),
    key=("code",),
)
programme = table(
    "programme", "reference", "Programmes (qualifications) known from DUO files and the shipped list", "DUO, SBB",
    column("crebo", String, "Programme code, text of five digits"),
    column("name", String, "Name"),
    column("level", Integer, "mbo level 1-4"),
    column("sector", String, "Sector code, or null outside the eight (entree, not specified)", null=True),
    column("sector_name", String, "Sectorkamer as DUO spells it"),
    column("main_group", String, "Hoofdgroep", null=True),
    column("dossier", String, "Dossier code 23xxx", null=True),
    key=("crebo",),
)
skill = table(
    "skill", "reference", "Skills that are recognised in adverts: the shipped Dutch vocabulary and ESCO", "warehouse/reference/skills.csv, ESCO",
    column("skill_id", String, "ESCO URI where there is one, otherwise rk:slug"),
    column("label_nl", String, "Dutch label"),
    column("label_en", String, "English label"),
    column("kind", String, "knowledge, skill, tool, certificate or attitude"),
    key=("skill_id",),
)
programme_occupation = table(
    "programme_occupation", "reference", "Crosswalk: share of an occupation's demand that a programme answers; the rest goes to no programme",
    "Institutions, DUO, CompetentNL, warehouse/reference/programme_occupations.csv, text match; etl/alignment/crosswalk.py",
    column("crebo", String, "Programme code"),
    column("occupation_uri", String, "ESCO occupation"),
    column("weight", Double, "Share of the occupation's demand; per occupation the sum over programmes is at most 1", "share"),
    column("origin", String, "override, official list, competentnl, text match or shipped list"),
    column("confidence", Double, "How sure we are that the link holds, 0-1 (docs/methodology.md)", "share"),
    column("note", String, "How the link was made: JSON with how (override, list, shipped or text) and its values; pages put it into words"),
    key=("crebo", "occupation_uri"),
)
crosswalk_variant = table(
    "crosswalk_variant", "reference", "The crosswalk in use and others that could be defended, for the sensitivity of what follows from it", "etl/alignment/crosswalk.py",
    column("variant", String, "combined (in use), even, by_graduates or text"),
    column("crebo", String, "Programme code"),
    column("occupation_uri", String, "ESCO occupation"),
    column("weight", Double, "Share of the occupation's demand; per variant and occupation the sum is at most 1", "share"),
    key=("variant", "crebo", "occupation_uri"),
)
crosswalk_override = table(
    "crosswalk_override", "reference", "Every line of the override files, with what became of it", "Institutions (dropped files)",
    column("file", String, "Name of the file"),
    column("line", Integer, "Line in the file"),
    column("crebo", String, "Programme code"),
    column("occupation", String, "Occupation as written"),
    column("occupation_uri", String, "ESCO occupation it was read as", null=True),
    column("weight", Double, "Share of the occupation's demand that the programme answers", "share"),
    column("institution", String, "DUO institution code or name; empty = all", null=True),
    column("reason", String, "Why, in the author's words"),
    column("author", String, "Who says so"),
    column("valid_from", Date, "First day on which it holds"),
    column("outcome", String, "applied, later, replaced or rejected"),
    column("why", String, "Why it was not applied", null=True),
    column("sha256", String, "Content address of the file: its version"),
    column("file_date", Date, "Date of the file"),
    key=("file", "line"),
)
crosswalk_missed = table(
    "crosswalk_missed", "reference", "Rows of lists that name an occupation which could not be told to be one of ours", "DUO, CompetentNL",
    column("crebo", String, "Programme code"),
    column("origin", String, "official list or competentnl"),
    column("occupation_name", String, "Occupation as the list names it"),
    column("list_name", String, "File the row came from"),
    column("why", String, "no occupation goes by this name, or several do"),
    key=("crebo", "origin", "occupation_name"),
)
programme_lineage = table(
    "programme_lineage", "reference", "Which code a programme had before; candidates that could not be told apart are kept as ambiguous and used nowhere",
    "SBB crebolijsten, DUO; etl/alignment/lineage.py",
    column("crebo", String, "Programme code (the later one)"),
    column("predecessor", String, "Programme code (the earlier one)"),
    column("relation", String, "one to one, one to many (the earlier one was split), many to one (earlier ones were merged) or ambiguous"),
    column("basis", String, "What the two have in common: name level dossier, name level, words level, extended name, name level sector or running out"),
    column("why", String, "Why it is ambiguous: several (codes fit equally well) or taken (it fits another predecessor better)", null=True),
    column("others", String, "The codes that stand in the way, separated by |", null=True),
    column("source", String, "Lists or files that were compared, e.g. SBB 2014 -> 2015, or DUO"),
    column("confidence", Double, "How sure we are, 0-1; 0 when ambiguous (docs/methodology.md)", "share"),
    column("since", Integer, "First year of the later code, when known", "year", null=True),
    key=("crebo", "predecessor"),
)
programme_skill = table(
    "programme_skill", "reference", "Skills a qualification covers", "warehouse/reference/programme_skills.csv",
    column("crebo", String, "Programme code"),
    column("skill_id", String, "Skill"),
    column("origin", String, "competentnl, shipped list or curriculum"),
    key=("crebo", "skill_id"),
)
skill_near = table(
    "skill_near", "reference", "Skills near each other: a programme that teaches the one covers the other in part", "ESCO, warehouse/reference/skill_broader.csv, names of skills",
    column("skill_id", String, "Skill"),
    column("near_id", String, "Skill that is broader, narrower, a child of the same broader skill, or named by the same specific word"),
    key=("skill_id", "near_id"),
)
# --- enriched -------------------------------------------------------------------------------------------------
vacancy = table(
    "vacancy", "enriched", "Vacancies as understood: one row per advert; `counts` marks the one that counts per duplicate group",
    "Vacancy sources, enrichment",
    column("vacancy_id", BigInteger, "Stable number made of source and source id"),
    column("source", String, "Key of the source"),
    column("source_id", String, "Identifier at the source"),
    column("region_code", String, "Labour-market region of the municipality; null when the place is unresolved", null=True),
    column("municipality_code", String, "Municipality; null when unresolved", null=True),
    column("place_text", String, "Place as written", null=True),
    column("place_status", String, "resolved, ambiguous, unknown, region only, abroad or missing"),
    column("first_seen", Date, "First seen or published"),
    column("last_seen", Date, "Last seen"),
    column("year", Integer, "Year of first_seen", "year"),
    column("month", Integer, "Month of first_seen, 1-12", "month"),
    column("title", String, "Title, cleaned"),
    column("text", String, "Cleaned text, e-mail addresses and phone numbers removed"),
    column("employer", String, "Employer", null=True),
    column("url", String, "Address of the original", null=True),
    column("language", String, "nl, en or other"),
    column("occupation_uri", String, "ESCO occupation", null=True),
    column("isco4", String, "ISCO-08 unit group", null=True),
    column("occupation_confidence", Double, "0-1; how well the title matched; null when a person corrected the occupation", "share", null=True),
    column("occupation_second", String, "ESCO occupation that goes by the same title and was second choice", null=True),
    column("level", String, "Requested level: mbo1..mbo4, mbo, hbo, wo or none"),
    column("hours_min", Double, "Hours a week, lower", "hours", null=True),
    column("hours_max", Double, "Hours a week, upper", "hours", null=True),
    column("sector", String, "Sector code; null when unmapped", null=True),
    column("unmapped_reason", String, "Why it has no sector: other level, no occupation, no programme, learning place", null=True),
    column("experience_years", Double, "Years of experience asked at least; null when none are asked or it does not say how many", "years", null=True),
    column("starters", Boolean, "True when somebody straight from school suits (warehouse/reference/starters.csv)"),
    column("starters_rule", String, "The rule that decided: open, title, years or otherwise"),
    column("duplicate_group", BigInteger, "vacancy_id of the group's first advert"),
    column("counts", Boolean, "True for the first advert of each duplicate group"),
    column("duplicates", Integer, "Other adverts of the same vacancy", "adverts"),
    column("skill_ids", String, "Skills mentioned, joined by |, in order of appearance"),
    key=("vacancy_id",), order=("region_code", "first_seen", "vacancy_id"),
)
vacancy_skill = table(
    "vacancy_skill", "enriched", "Skill mentions in vacancies, at most one per vacancy and skill", "Enrichment",
    column("vacancy_id", BigInteger, "Vacancy"),
    column("region_code", String, "Labour-market region of the vacancy", null=True),
    column("skill_id", String, "Skill"),
    column("start", Integer, "First character of the mention in the text; -1 = title, or added by a correction", "characters"),
    column("end", Integer, "One past its last character", "characters"),
    column("required", Boolean, "False where the advert calls it welcome rather than needed"),
    key=("vacancy_id", "skill_id"), order=("region_code", "skill_id", "vacancy_id"),
)
vacancy_ignored = table(
    "vacancy_ignored", "enriched", "Phrases in vacancies that look like a skill and are not counted, with the reason", "Enrichment",
    column("vacancy_id", BigInteger, "Vacancy"),
    column("region_code", String, "Labour-market region of the vacancy", null=True),
    column("start", Integer, "First character of the phrase in the text", "characters"),
    column("end", Integer, "One past its last character", "characters"),
    column("why", String, "negation, benefit, company, footer, generic or boilerplate"),
    key=("vacancy_id", "start"), order=("region_code", "vacancy_id", "start"),
)
vacancy_correction = table(
    "vacancy_correction", "enriched", "Corrections by people that held when this was made, with what was read before", "Corrections file, enrichment",
    column("correction_id", String, "Identifier of the correction"),
    column("vacancy_id", BigInteger, "Vacancy it is about; it may not be there any more"),
    column("field", String, "skill, occupation, place or level"),
    column("old_value", String, "What was read: skill id, ESCO occupation, municipality code or level", null=True),
    column("new_value", String, "What it was corrected to; null for a skill that is none and for no known occupation", null=True),
    column("start", Integer, "First character of the mention that was taken away", "characters", null=True),
    column("end", Integer, "One past its last character", "characters", null=True),
    column("required", Boolean, "Whether that mention was read as required", null=True),
    column("outcome", String, "applied, unchanged (it was read so already), no vacancy, or unknown value"),
    column("created_at", String, "When it was made, ISO time in UTC"),
    key=("correction_id",), order=("vacancy_id", "correction_id"),
)
# --- marts ----------------------------------------------------------------------------------------------------
mart_region = table(
    "mart_region", "mart", "Totals per region and year; demand by sector plus unmapped is total_demand, always", "Vacancies, DUO",
    column("region_code", String, "Region (labour-market region or NL01)"),
    column("period", Integer, "Calendar year", "year"),
    column("adverts", BigInteger, "Adverts, duplicates included", "adverts"),
    column("total_demand", BigInteger, "New vacancies, each duplicate group once", "vacancies"),
    column("unmapped_demand", BigInteger, "New vacancies without a sector", "vacancies"),
    *bounds("supply", "Graduates leaving education for work, mean of the last years", "persons a year", null=True),
    *bounds("supply_living", "Graduates leaving education who live in the region; the country is all of them, abroad and unknown homes included", "persons a year", null=True),
    column("supply_note", String, "What the shares who continue rest on: basis:share of the leavers, separated by |; the rows are in progression", null=True),
    column("supply_outside_sectors", Double, "Part of the supply outside the eight sectors (entree, not specified)", "persons a year", null=True),
    column("supply_years", String, "Diploma years of the mean, e.g. 2023-2025", null=True),
    column("supply_split_share", Double, "Share of graduates that was divided evenly over teaching locations in several regions", "share", null=True),
    key=("region_code", "period"),
)
mart_unmapped = table(
    "mart_unmapped", "mart", "Why vacancies have no sector", "Vacancies",
    column("region_code", String, "Region"),
    column("period", Integer, "Calendar year", "year"),
    column("reason", String, "other level, no occupation, no programme or learning place"),
    column("demand", BigInteger, "New vacancies", "vacancies"),
    key=("region_code", "period", "reason"),
)
mart_mismatch = table(
    "mart_mismatch", "mart", "Demand and supply per region x sector x year, with intervals and class", "Vacancies, DUO, methodology",
    column("region_code", String, "Region"),
    column("period", Integer, "Calendar year of the demand", "year"),
    column("sector", String, "Sector code"),
    column("n", BigInteger, "New vacancies that suit a starter, each duplicate group once", "vacancies"),
    column("experienced", BigInteger, "New vacancies of the sector that ask more experience than a starter has", "vacancies"),
    *bounds("demand", "New vacancies that suit a starter, calibrated to CBS's totals", "vacancies a year"),
    column("demand_var", Double, "Sum of the squared weights of the vacancies counted", "vacancies squared"),
    column("demand_alt_low", Double, "Lowest demand under the alternative crosswalks", "vacancies a year", null=True),
    column("demand_alt_high", Double, "Highest demand under the alternative crosswalks", "vacancies a year", null=True),
    column("factor", Double, "Calibration: demand divided by n; 1 when not calibrated", "ratio"),
    column("factor_basis", String, "province x sector, margins, mixed or none (see docs/methodology.md)"),
    column("factor_year", Integer, "Year of the official totals", "year", null=True),
    column("apportioned", Double, "Part of n that goes to programmes by the crosswalk; the rest goes to none", "vacancies"),
    *bounds("supply", "Graduates leaving education for work", "persons a year", null=True),
    column("supply_se", Double, "Standard error of the supply", "persons a year", null=True),
    *bounds("supply_living", "Graduates leaving education who live in the region", "persons a year", null=True),
    *bounds("ratio", "Demand divided by supply", "ratio", null=True),
    *bounds("gap", "Demand minus supply", "persons a year", null=True),
    column("class", String, "shortage, balance, surplus, borderline or too_little_data"),
    column("reason", String, "Why a number stays quiet, when it does", null=True),
    column("demand_previous", BigInteger, "New vacancies in the year before", "vacancies", null=True),
    column("signals", String, "Signal codes separated by |; empty when none"),
    key=("region_code", "period", "sector"),
)
mart_variant = table(
    "mart_variant", "mart", "Demand (starters, calibrated) of a sector or programme under each crosswalk", "Vacancies, crosswalk",
    column("region_code", String, "Region"),
    column("period", Integer, "Calendar year", "year"),
    column("subject_kind", String, "sector or programme"),
    column("subject", String, "Sector code or crebo"),
    column("variant", String, "combined, even, by_graduates or text"),
    column("demand", Double, "Demand under this crosswalk", "vacancies a year"),
    column("demand_raw", Double, "The same, not calibrated to CBS's totals", "vacancies"),
    key=("region_code", "period", "subject_kind", "subject", "variant"),
)
calibration = table(
    "calibration", "mart", "Factors that lift counted vacancies to CBS's totals, by area and sector", "CBS 80472ned, CBS 83599NED, vacancies",
    column("period", Integer, "Calendar year", "year"),
    column("region_code", String, "Province, or NL01 for vacancies whose place is unknown"),
    column("sector", String, "Sector code"),
    column("factor", Double, "Official flow divided by ours; 1 when not calibrated", "ratio"),
    column("factor_basis", String, "province x sector, margins or none"),
    column("factor_year", Integer, "Year of the official totals", "year", null=True),
    column("official", Double, "Newly arisen vacancies of the area, all sectors and levels", "vacancies", null=True),
    column("counted", Double, "Our vacancies of the area, all sectors and levels", "vacancies", null=True),
    key=("period", "region_code", "sector"),
)
mart_signal = table(
    "mart_signal", "mart", "Signals for a conversation, with the figures they stand on", "Marts, thresholds",
    column("region_code", String, "Region"),
    column("period", Integer, "Calendar year", "year"),
    column("subject_kind", String, "sector or programme"),
    column("subject", String, "Sector code or crebo"),
    column("code", String, "Signal"),
    column("values", String, "The figures, JSON"),
    column("strength", Double, "For sorting only: how far beyond its threshold, weighed by how many persons it concerns"),
    key=("region_code", "period", "subject_kind", "subject", "code"),
)
threshold = table(
    "threshold", "reference", "Thresholds in use, from the settings", "etl/settings.py",
    column("key", String, "Setting"),
    column("value", Double, "Value in use"),
    column("unit", String, "What it counts"),
    column("usual", Double, "Value when nothing is set"),
    column("source", String, "Where the usual value comes from"),
    key=("key",),
)
mart_demand_month = table(
    "mart_demand_month", "mart", "New vacancies per month; sector is 'unmapped' for those without one", "Vacancies",
    column("region_code", String, "Region"),
    column("sector", String, "Sector code or unmapped"),
    column("month", Date, "First day of the month"),
    column("demand", BigInteger, "New vacancies", "vacancies"),
    key=("region_code", "sector", "month"),
)
mart_municipality = table(
    "mart_municipality", "mart", "New vacancies per municipality, sector and year", "Vacancies",
    column("region_code", String, "Labour-market region"),
    column("municipality_code", String, "Municipality"),
    column("period", Integer, "Calendar year", "year"),
    column("sector", String, "Sector code or unmapped"),
    column("demand", BigInteger, "New vacancies", "vacancies"),
    key=("municipality_code", "period", "sector"), order=("region_code", "period", "municipality_code", "sector"),
)
mart_programme = table(
    "mart_programme", "mart", "A programme in a region: all its institutions together", "Vacancies, DUO, crosswalk",
    column("region_code", String, "Region"),
    column("period", Integer, "Calendar year", "year"),
    column("crebo", String, "Programme"),
    column("n", BigInteger, "New vacancies in the occupations of the programme that suit a starter", "vacancies"),
    column("experienced", BigInteger, "New vacancies in its occupations that ask more experience than a starter has", "vacancies"),
    *bounds("demand", "Vacancies apportioned to the programme, calibrated to CBS's totals", "vacancies a year", null=True),
    column("demand_raw", Double, "Vacancies apportioned to the programme, not calibrated", "vacancies a year", null=True),
    column("demand_var", Double, "Sum of the squared weights of the vacancies counted", "vacancies squared", null=True),
    column("demand_alt_low", Double, "Lowest demand under the alternative crosswalks", "vacancies a year", null=True),
    column("demand_alt_high", Double, "Highest demand under the alternative crosswalks", "vacancies a year", null=True),
    *bounds("supply", "Graduates leaving education for work, mean of the last years", "persons a year", null=True),
    column("supply_se", Double, "Standard error of the supply", "persons a year", null=True),
    *bounds("supply_living", "Graduates leaving education who live in the region, mean of the last years", "persons a year", null=True),
    *bounds("ratio", "Demand divided by supply", "ratio", null=True),
    *bounds("gap", "Demand minus supply", "persons a year", null=True),
    column("class", String, "shortage, balance, surplus, borderline or too_little_data"),
    column("reason", String, "Why a number stays quiet", null=True),
    column("students_low", Integer, "Students, lower bound", "students", null=True),
    column("students_high", Integer, "Students, upper bound", "students", null=True),
    column("graduates_low", Integer, "Graduates in the year, lower bound", "graduates", null=True),
    column("graduates_high", Integer, "Graduates in the year, upper bound", "graduates", null=True),
    column("providers", Integer, "Institutions that teach it in the region", "institutions"),
    column("coverage", Double, "Sum of f_s over taught skills (half for partly) divided by the sum over all asked skills", "share", null=True),
    column("coverage_low", Double, "Lower bound of the coverage, 90%", "share", null=True),
    column("coverage_high", Double, "Upper bound of the coverage, 90%", "share", null=True),
    column("coverage_n", BigInteger, "Vacancies behind the coverage", "vacancies", null=True),
    column("signals", String, "Signal codes separated by |; empty when none"),
    key=("region_code", "period", "crebo"),
)
mart_programme_institution = table(
    "mart_programme_institution", "mart", "A programme at an institution by pathway, with teaching places in the region", "DUO",
    column("region_code", String, "Region"),
    column("year", Integer, "Reference year of the students, diploma year of the graduates", "year"),
    column("crebo", String, "Programme"),
    column("institution_code", String, "Institution"),
    column("institution_name", String, "Name"),
    column("pathway", String, "bol, bbl or other"),
    column("places", String, "Towns in the region where it is taught, separated by |", null=True),
    column("location_basis", String, "offer (teaching location) or head office"),
    column("share_in_region", Double, "Share of the institution's numbers attributed to this region", "share"),
    column("students_low", Integer, "Students of the institution as DUO publishes them, lower bound", "students", null=True),
    column("students_high", Integer, "Students of the institution, upper bound", "students", null=True),
    column("graduates_low", Integer, "Graduates of the institution, lower bound", "graduates", null=True),
    column("graduates_high", Integer, "Graduates of the institution, upper bound", "graduates", null=True),
    column("students_previous_low", Integer, "Students a year earlier, lower bound", "students", null=True),
    column("students_previous_high", Integer, "Students a year earlier, upper bound", "students", null=True),
    key=("region_code", "year", "crebo", "institution_code", "pathway"),
)
mart_home = table(
    "mart_home", "mart", "Where the leavers of an institution live, by the region of their lessons; the bounds are those of masked homes alone", "DUO, methodology",
    column("region_code", String, "Region of the lessons"),
    column("institution_code", String, "Institution"),
    column("home_code", String, "Region of the home; abroad, or unknown (not known at the source, or a name that was not resolved)"),
    column("period", Integer, "Calendar year", "year"),
    *bounds("supply", "Graduates leaving education, mean of the last years", "persons a year"),
    column("supply_years", String, "Diploma years of the mean"),
    key=("region_code", "institution_code", "home_code", "period"),
)
mart_official = table(
    "mart_official", "mart", "Official indicators beside our class, per region x sector and per programme", "UWV, SBB, ROA, CBS, methodology",
    column("region_code", String, "Region"),
    column("period", Integer, "Calendar year of our figure", "year"),
    column("subject_kind", String, "sector or programme"),
    column("subject", String, "Sector code or crebo"),
    column("indicator", String, "Key of the indicator"),
    column("indicator_period", String, "Period of the official figure"),
    column("area", String, "region or national: the area the official figure is about"),
    column("detail", String, "programme, level (of the sector), sector, or parts (programmes of the sector)"),
    column("figures", Integer, "Official figures behind the row", "figures"),
    column("tight", Integer, "Of these: people are scarce, chances are good", "figures"),
    column("slack", Integer, "Of these: people enough, chances are small", "figures"),
    column("value", Double, "The figure when there is one, in the unit of the indicator", null=True),
    column("value_low", Double, "Lowest figure, or its lower bound", null=True),
    column("value_high", Double, "Highest figure, or its upper bound", null=True),
    column("classes", String, "Words of the publisher with how often they occur, e.g. krap:2|gemiddeld:1"),
    column("groups", String, "Groups of the source behind the row, separated by |"),
    column("status", String, "Voorlopig or Definitief, where the source says so", null=True),
    column("reading", String, "What it says about people, given its own direction: tight, slack, neither or unknown"),
    column("class", String, "Our class: shortage, balance, surplus, borderline or too_little_data"),
    column("agreement", String, "same, partly, opposite, or none when one of the two says nothing"),
    column("reasons", String, "Why the two can differ: codes separated by |"),
    key=("region_code", "period", "subject_kind", "subject", "indicator"),
)
mart_subject = table(
    "mart_subject", "mart", "Vacancies per occupation or programme (its occupations, weighted): the n behind skill shares", "Vacancies",
    column("region_code", String, "Region"),
    column("period", Integer, "Calendar year", "year"),
    column("subject_kind", String, "occupation or programme"),
    column("subject", String, "Occupation URI or crebo"),
    column("n", BigInteger, "Vacancies in nl or en, duplicates once", "vacancies"),
    key=("region_code", "period", "subject_kind", "subject"),
)
mart_skill = table(
    "mart_skill", "mart", "Share of vacancies asking for a skill, with Wilson interval and trend", "Vacancies, skills",
    column("region_code", String, "Region"),
    column("period", Integer, "Calendar year", "year"),
    column("subject_kind", String, "occupation or programme"),
    column("subject", String, "Occupation URI or crebo"),
    column("skill_id", String, "Skill"),
    column("asked", BigInteger, "Vacancies that ask for it", "vacancies"),
    column("share", Double, "asked / n", "share"),
    column("share_low", Double, "Wilson lower bound, 90%", "share"),
    column("share_high", Double, "Wilson upper bound, 90%", "share"),
    column("share_previous", Double, "Share in the year before", "share", null=True),
    column("share_previous_low", Double, "Wilson lower bound in the year before", "share", null=True),
    column("share_previous_high", Double, "Wilson upper bound in the year before", "share", null=True),
    column("trend", String, "rising, falling, steady or unknown; rising and falling only where it holds among all skills of the subject (Benjamini-Hochberg) and the intervals part"),
    column("trend_p", Double, "Two-sided p value of no change; null when there is nothing to compare", "probability", null=True),
    column("covered", Boolean, "Taught by the qualification (programmes only); null when its skills are unknown", null=True),
    column("cover", String, "covered, partly or not (programmes only); null when its skills are unknown", null=True),
    column("near_skill", String, "The taught skill that makes it partly", null=True),
    key=("region_code", "period", "subject_kind", "subject", "skill_id"),
)
mart_evidence = table(
    "mart_evidence", "mart", "Mentions of a skill that stand for it, a few per region, occupation and skill; the sentences are in vacancy", "Vacancies, skills",
    column("region_code", String, "Region"),
    column("occupation_uri", String, "Occupation"),
    column("skill_id", String, "Skill"),
    column("position", Integer, "1 = most recent"),
    column("vacancy_id", BigInteger, "Vacancy"),
    column("first_seen", Date, "First seen"),
    column("start", Integer, "First character of the mention in the text of the vacancy", "characters"),
    column("end", Integer, "One past its last character", "characters"),
    key=("region_code", "occupation_uri", "skill_id", "position"),
)
# --- marts: atoms of areas ------------------------------------------------------------------------------------
# What any set of municipalities is computed from, by the rules that make the marts of the regions (etl/alignment/area.py).
mart_area_demand = table(
    "mart_area_demand", "mart", "New vacancies with a sector per municipality and occupation, counted and calibrated", "Vacancies, CBS 80472ned, CBS 83599NED",
    column("municipality_code", String, "Municipality; null when the place is not resolved", null=True),
    column("region_code", String, "Labour-market region; null when the place is not resolved", null=True),
    column("period", Integer, "Calendar year", "year"),
    column("sector", String, "Sector code"),
    column("occupation_uri", String, "ESCO occupation", null=True),
    column("n", BigInteger, "New vacancies that suit a starter, each duplicate group once", "vacancies"),
    column("experienced", BigInteger, "New vacancies that ask more experience than a starter has", "vacancies"),
    column("demand", Double, "n, calibrated to CBS's totals", "vacancies a year"),
    column("demand_var", Double, "Sum of the squared weights of the vacancies counted", "vacancies squared"),
    column("factor_basis", String, "province x sector, margins or none (see docs/methodology.md)"),
    column("factor_year", Integer, "Year of the official totals", "year", null=True),
    key=("municipality_code", "region_code", "period", "sector", "occupation_uri"),
)
mart_area_month = table(
    "mart_area_month", "mart", "New vacancies per municipality and month, with a sector or the reason why not", "Vacancies",
    column("municipality_code", String, "Municipality; null when the place is not resolved", null=True),
    column("region_code", String, "Labour-market region; null when the place is not resolved", null=True),
    column("period", Integer, "Calendar year", "year"),
    column("month", Integer, "Month, 1-12", "month"),
    column("sector", String, "Sector code; null when unmapped", null=True),
    column("reason", String, "Why it has no sector", null=True),
    column("n", BigInteger, "New vacancies, each duplicate group once", "vacancies"),
    column("adverts", BigInteger, "Adverts, duplicates included", "adverts"),
    key=("municipality_code", "region_code", "period", "month", "sector", "reason"),
)
mart_area_supply = table(
    "mart_area_supply", "mart", "Graduates of an institution's programme in a municipality where it is taught, with their share there", "DUO, progression",
    column("municipality_code", String, "Municipality where it is taught"),
    column("region_code", String, "Labour-market region of that municipality"),
    column("year", Integer, "Diploma year", "year"),
    column("institution_code", String, "Institution"),
    column("crebo", String, "Programme"),
    column("pathway", String, "bol, bbl or other"),
    column("pathway_source", String, "LEERWEG as in the source"),
    column("level", Integer, "mbo level 1-4"),
    column("part", Integer, "0; 1 and up where several codes were carried into this one"),
    column("sector", String, "Sector code; null outside the eight", null=True),
    column("graduates_low", Integer, "Graduates of the institution, lower bound", "graduates"),
    column("graduates_high", Integer, "Graduates of the institution, upper bound", "graduates"),
    column("share_in_area", Double, "Part of them attributed to this municipality: evenly over the regions, within a region evenly over its municipalities", "share"),
    column("share", Double, "Share that continues in education", "share"),
    column("share_low", Double, "Lower bound of that share", "share"),
    column("share_high", Double, "Upper bound of that share", "share"),
    column("progression_basis", String, "What that share rests on"),
    key=("municipality_code", "year", "institution_code", "crebo", "pathway_source", "level", "part"),
)
mart_area_home = table(
    "mart_area_home", "mart", "Where the students of an institution and pathway live, as bounds of parts of the whole; counts are not published (masked ones could be narrowed)",
    "DUO mbo-studenten-per-instelling, file 11",
    column("municipality_code", String, "Home municipality, abroad or unknown"),
    column("institution_code", String, "Institution"),
    column("pathway", String, "bol, bbl or other"),
    column("year", Integer, "Reference year (1 October)", "year"),
    column("part_low", Double, "Lower bound of the students who live there, divided by the middle of all", "share"),
    column("part_high", Double, "Upper bound of the students who live there, divided by the middle of all", "share"),
    key=("municipality_code", "institution_code", "pathway", "year"),
)
mart_area_teaching = table(
    "mart_area_teaching", "mart", "Municipalities where an institution teaches a programme", "DUO mbo_opleidingsaanbod, DUO adressen mbo",
    column("municipality_code", String, "Municipality"),
    column("region_code", String, "Labour-market region"),
    column("institution_code", String, "Institution"),
    column("crebo", String, "Programme"),
    column("places", String, "Towns in the municipality, separated by |", null=True),
    column("location_basis", String, "offer (teaching location) or head office"),
    column("share_in_area", Double, "Part of the institution's numbers attributed to this municipality", "share"),
    key=("municipality_code", "institution_code", "crebo"),
)
# --- meta -----------------------------------------------------------------------------------------------------
publication_info = table(
    "publication_info", "meta", "What this publication is", "The loading process",
    column("id", String, "Identifier of the publication"),
    column("created_at", DateTime, "When it was made, UTC"),
    column("content_hash", String, "Hash of everything but the meta tables: equal content, equal hash"),
    column("schema_version", Integer, "Version of this schema"),
    column("demonstration", Boolean, "True when the data are invented"),
    column("latest_period", Integer, "Last full calendar year of demand", "year"),
    column("boundary_year", Integer, "Year of the municipal boundaries used", "year"),
    key=("id",),
)
source_info = table(
    "source_info", "meta", "The sources behind this publication", "The loading process",
    column("key", String, "Key of the source"),
    column("title", String, "Title in Dutch"),
    column("title_en", String, "Title in English"),
    column("publisher", String, "Publisher"),
    column("licence", String, "Licence"),
    column("attribution", String, "Attribution line"),
    column("home_page", String, "Home page"),
    column("schedule", String, "Cron expression, Europe/Amsterdam"),
    column("status", String, "loaded, unchanged, stale, failed, off or never loaded"),
    column("message", String, "What happened, when something did", null=True),
    column("retrieved_at", DateTime, "Last successful retrieval, UTC", null=True),
    column("reference_period", String, "Period the data are about", null=True),
    column("next_release", String, "What the source announces", null=True),
    column("rows", BigInteger, "Records in use", "records"),
    column("rejects", BigInteger, "Records rejected", "records"),
    key=("key",),
)
reject = table(
    "reject", "meta", "Records that could not be used, with the reason", "The loading process",
    column("source", String, "Key of the source"),
    column("reason", String, "Reason code"),
    column("record", String, "The record, shortened"),
    column("detail", String, "A sentence for the operator"),
    column("raw_name", String, "The raw response it came from"),
    column("raw_sha256", String, "Its content address", null=True),
)
check_result = table(
    "check_result", "meta", "Checks that were run before publishing", "etl/quality.py",
    column("name", String, "Name of the check"),
    column("severity", String, "hard (stops publishing) or soft (shown)"),
    column("passed", Boolean, "Whether it held"),
    column("detail", String, "What was found"),
    key=("name",),
)

STAGING = tuple(t.name for t in metadata.sorted_tables if t.info["layer"] == "staging")
PUBLISHED = tuple(t.name for t in metadata.sorted_tables if t.info["published"])
