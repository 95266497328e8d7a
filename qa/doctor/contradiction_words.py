"""Words for telling whether two sentences say the same: a table, English and Spanish."""

from __future__ import annotations

__all__ = ["CONDITIONS", "EMPTY_WORDS", "SAME_WORDS", "TITLE_WORDS"]

_EMPTY_WORDS_LISTED = """a an the your you we our us i my they them their he she his her it its
this that these those to of for in on at by is are be been being was were will would may might can
could should must shall have has had having do does did done need needs please and or also then
just so very about around approximately roughly usually normally generally typically often mostly
most some any anything something every each per there here what which who whom how than as from
into onto make sure always altogether total least s t re ll ve el la los las un una unos unas
su sus tu tus usted ustedes nosotros de del al a en por para con que es son ser está están ha han
debe deben puede pueden hay y o se le les lo mi como unos aproximadamente alrededor normalmente
generalmente suele suelen cada todo toda todos todas favor"""
EMPTY_WORDS = frozenset(_EMPTY_WORDS_LISTED.split())
"""Words without which a sentence says the same."""

_SAME = (
    "surgery operation procedure surgical",
    "doctor clinician physician gp provider m\u00e9dico doctora",
    "call phone ring telephone contact llame llamar tel\u00e9fono",
    "tell inform notify",
    "medicine medicines medication medications drug drugs medicamento medicamentos medicina",
    "start begin begins starts starting commence",
    "stop finish end ends stops",
    "stay remain stays remains wait",
    "last lasts take takes lasting taking dura tarda duran tardan tome tomar",
    "appointment visit appointments visits",
    "treatment session treatments sessions infusion infusions",
    "arrive come check",
    "hospital clinic centre center",
    "not never don't cannot can't mustn't shouldn't won't avoid no nunca evite",
    "everyday daily day days d\u00eda diario diaria",
    "alcohol alcoholic",
    "drive driving",
    "eat food meal eating coma comer",
    "give given gives get gets receive receives",
    "car vehicle",
    "adult adults grown adulto adultos",
    "child children kid kids ni\u00f1o ni\u00f1os",
    "people persons person patients patient personas persona pacientes paciente",
    "return go",
    "back again",
    "painkiller painkillers",
    "recommended advised recommend advise",
    "cost costs charge charges fee price",
    "relief help helps relieve relieves",
)
SAME_WORDS = {word: group.split()[0] for group in _SAME for word in group.split()}
"""Word → the word that stands for all that mean the same beside a number."""

_CONDITIONS_LISTED = """if when unless except without with only before after during until while
once but child adult baby babies infant teenager woman women man men pregnant pregnancy
breastfeeding elderly older younger over kidney liver diabetes morning night evening afternoon
first second third next following previous other another left right mild severe low high higher
lower maximum minimum weekend weekday monday tuesday wednesday thursday friday saturday sunday
emergency not si cuando salvo excepto sin solo antes despu\u00e9s durante hasta
mientras primera primero segunda segundo embarazada embarazo mayores menores hombre mujer noche
ma\u00f1ana"""
CONDITIONS = frozenset(_CONDITIONS_LISTED.split())
"""Words that, on one side only, make it another statement."""

_TITLE_WORDS_LISTED = """information leaflet patient patients guide advice about after before care
your treatment treatments using taking use what know need questions answers faq day home clinic
hospital visit instructions going health medicine medicines sheet fact facts getting ready
preparing prepare preparation aftercare general our welcome información hoja paciente pacientes
guía consejos sobre antes después cuidados tratamiento preguntas respuestas visita clínica
hospital"""
TITLE_WORDS = frozenset(_TITLE_WORDS_LISTED.split())
"""Words of a title that do not say what a document is about."""
