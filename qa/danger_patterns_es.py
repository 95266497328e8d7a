"""The words of danger in Spanish: tables as in `qa.danger_patterns`, on the same plain text.

There accents are stripped and ñ is n, so that "mañana" is "manana" and "él" is "el". A verb tells
who is meant ("me mato", "se mata"), so nothing is said of both persons at once: what holds
`{other}` is about others, all else about the writer.
"""

from __future__ import annotations

from qa.danger_patterns import Rule, made_rules

__all__ = ["ADVICE", "CRISIS", "DISGUISED", "EMERGENCY", "MENTION", "SPELLINGS"]

# In haste, or spelt by ear. English words ("boy", "toy", "has") stay; patterns know them as well.
_WRITTEN = {
    "que": ("q", "k", "ke"),
    "porque": ("xq", "pq", "xk", "porq", "xke"),
    "quiero": ("kiero", "qiero", "qero", "kero", "quero", "kieroo"),
    "quiere": ("kiere", "qiere"),
    "quisiera": ("kisiera", "qisiera"),
    "quitar": ("kitar",),
    "quitarme": ("kitarme",),
    "ya": ("ia", "lla"),
    "nadie": ("nadien", "naiden", "nadn"),
    "voy": ("boi", "voi"),
    "estoy": ("stoy", "estoi", "stoi", "toi"),
    "tengo": ("tngo", "tenjo"),
    "aqui": ("aki",),
    "hasta": ("asta",),
    "hoy": ("oi", "hoi"),
    "ahora": ("aora", "haora"),
    "vida": ("bida",),
    "vivir": ("bivir", "bibir", "vibir"),
    "hacer": ("aser", "acer", "haser"),
    "hacerme": ("aserme", "acerme", "haserme"),
    "acabar": ("acavar",),
    "desaparecer": ("desapareser",),
    "siempre": ("sienpre", "ciempre"),
    "suicidio": ("suisidio", "suicidyo"),
    "suicidarme": ("suisidarme", "zuicidarme"),
    "matarme": ("matarm", "mattarme"),
    "despertar": ("despertal", "dispertar"),
    "pastillas": ("pastiyas", "pastias", "pastilas"),
    "pastilla": ("pastiya",),
    "pecho": ("pexo",),
    "brazo": ("braso",),
    "brazos": ("brasos",),
    "venas": ("benas",),
    "veneno": ("beneno",),
    "respirar": ("respirrar", "rrespirar", "respirr"),
    "respira": ("rrespira",),
    "muy": ("mui",),
    "hermano": ("ermano",),
    "hermana": ("ermana",),
    "hijo": ("ijo",),
    "hija": ("ija",),
    "voces": ("boses", "voses"),
    "desmayo": ("desmallo",),
    "inconsciente": ("inconsiente", "inconciente"),
    "dejo": ("dego",),
}
SPELLINGS = {form: meant for meant, forms in _WRITTEN.items() for form in forms}
DISGUISED = frozenset(
    (
        *("suicidio", "suicidarme", "matarme", "matar", "matarnos", "morir", "morirme", "muerte"),
        *("quieromorir", "desvivirme", "quiero", "muerto"),
    )
)

# Each stands before those that it is made of.
_SLOTS = {
    "{lethal}": (
        r"(?:mata(?:rme|rse|r)|suicida(?:rme|rse|r)|mori(?:rme|rse|r)(?! de\b)|ahorca(?:rme|rse|r)"
        r"|colga(?:rme|rse|r)|desvivi(?:rme|rse|r)|unalive\w*|estar muert[oa]|quita(?:rme|rse|r)"
        r" (?:la vida|de en ?medio|del medio)|corta(?:rme|rse|r) las venas|(?:pega|da|mete)(?:rme"
        r"|rse|r) un (?:tiro|plomazo|balazo|corchazo)|dispara(?:rme|rse)|(?:tira|avent[ae]|lanza"
        r"|arroja|echa)(?:rme|rse|r) (?:por|del?|desde|al|a las|a la|debajo|delante|en frente"
        r"|enfrente)\b(?! (?:paracaidas|piscina|alberca|cama|sofa|tobogan|los pelos))"
        r"|(?:acabar|terminar) con (?:mi|su) (?:vida|sufrimiento)"
        r"|(?:acabar|terminar) con todo\b(?! (?:el|este|esto|lo))|ponerle fin a (?:mi|su) vida"
        r"|petarme|petar{end}|petatea(?:rme|rse|r)|(?:irme|irse|ir) de este mundo|palmarla)"
    ),
    "{joke}": (
        r"\b(?:ja){2,}\w*|\blol\b|\bbroma|\bmentira\b|\bde (?:risa|hambre|sed|frio|calor|sueno|pena"
        r"|verguenza|curiosidad|nervios|aburrimiento|amor|viej[oa])\b|\b(?:papeleo|factura|tramite"
        r"|portal|fila|cafe|galletas|pelicula|serie|novela|obra|escena|personaje|equipo)s?\b"
    ),
    # Asked about, imagined, of the past or lasting.
    "{general}": (
        r"{long_ago}|\b(?:efectos?|sintomas?|senales|causas?|causar?|puede (?:dar|causar|provocar"
        r"|haber)|da(?: la| el)? \w+\?|riesgos?|normal|siempre|a veces|por que|cuando (?:me|subo"
        r"|hago|se|duermo|corro)|si (?:me|se|alguien|un)|que (?:es|hacer|hago si|pasa)|como se"
        r"|casi|miedo (?:a|de)|tos|gases|nariz|naris|gripa|gripe|resfriad[oa]|catarro|alergia"
        r"|ejercicio|escaleras?|deporte)\b"
    ),
    "{course}": (
        r"{long_ago}|\b(?:antibiotico|tratamiento|como (?:siempre|dijo|dice|me dij|indic\w*"
        r"|todos)|recet\w*|al dia|cada dia|diari\w+|de (?:hoy|la presion|la tiroides)|esta manana"
        r"|que me dieron|puedo|debo|galletas|pastillero|ayer para)\b"
    ),
    "{long_ago}": (
        r"^(?!.*\b(?:otra vez|de nuevo|volvi\w*|vuel\w+|esta semana|hoy|anoche|ahora|sigo|todavia"
        r"|aun)\b).*\b(?:hace (?:\w+ )?(?:anos?|meses|decadas|mucho|tiempo)|anos (?:atras|que no)"
        r"|en (?:19|20)\d\d|en el \d\d|cuando (?:era|eramos|tenia)|de (?:nin[oa]|joven"
        r"|adolescente|chic[oa]|bebe)|el (?:ano|mes) pasado|la semana pasada|antes de que"
        r"|antecedentes?|historial? de|fallecio|murio)\b"
    ),
    "{other}": (
        r"\b(?:ella|alguien|(?:mis?|my|su|un|una|el|la|nuestr[oa]|este|esta|ese|esa)"
        r"(?: [\w'-]{1,15}){0,2}? {kin})\b"
    ),
    # The same, but of one who threatens the writer: nobody is told to stay with them.
    "{attacker}": r"\b(?:mi|el|ese|un|my)(?: [\w'-]{1,15}){0,2}? {kin}\b",
    "{kin}": (
        r"(?:espos[oa]|marido|mujer|pareja|novi[oa]|jev[oa]|hij[oa]s?|hijit[oa]|nin[oa]s?|nen[ea]"
        r"|nena|bebe|mama|ama|mami|papa|papi|apa|madre|padre|padrastro|madrastra|amig[oa]"
        r"|herman[oa]|hermanit[oa]|prim[oa]|ti[oa]|abuel[oa]|abuelit[oa]|suegr[oa]|cunad[oa]"
        r"|nuera|yerno|niet[oa]|sobrin[oa]|vecin[oa]|companer[oa]|compa|cuate|alumn[oa]|paciente"
        r"|jef[ea]|ex|exmarido|exesposo|viej[oa]|roommate|senora?|chic[oa]|muchach[oa]|gemel[oa]"
        r"|hombre|chaval|dad|mom|brother|sister)"
    ),
    "{pills}": (
        r"(?:pastillas?|pildoras?|tabletas?|comprimidos|capsulas|blister\w*|pills|medicinas?"
        r"|medicamentos?|gotas|antidepresiv\w+|ansiolitic\w+|insulina|litio|metadona|morfina"
        r"|ketamina|esketamina|paracetamol\w*|aspirinas?|ibuprofeno\w*|tramadol|rivotril|tylenol"
        r"|xanax|prozac|lexapro|zoloft|warfarina|sertralina|fluoxetina|escitalopram|paroxetina"
        r"|citalopram|venlafaxina|duloxetina|mirtazapina|trazodona|quetiapina|bupropion"
        r"|gabapentina|pregabalina|metformina|melatonina|[a-z]{2,14}(?:azepam|azolam|oxetina"
        r"|tralina|apina|idona|triptilina|trigina|pril|sartan|olol|statina|dipino|cilina|micina"
        r"|prazol))\b"
    ),
    "{many}": (
        r"(?:[1-9]\d|\d{3}|veinte|treinta|cuarenta|cincuenta|sesenta|un (?:monton|punado|chingo)"
        r"(?: de)?|much[ao]s|demasiad[ao]s|tod[oa]s?(?: (?:las?|los|el|mis?|sus?))?|dos cajas)"
    ),
    "{poison}": (
        r"(?:cloro|lejia|veneno|detergente|anticongelante|thinner|tiner|aguarras|desinfectante"
        r"|matarratas|gasolina|pesticida|raticida|perfume|acido|pilas?|imanes?)"
    ),
    "{w1}": r"(?: [\w'-]{1,15}){0,1}",
    "{w2}": r"(?: [\w'-]{1,15}){0,2}",
    "{w4}": r"(?: [\w'-]{1,15}){0,4}",
    "{w6}": r"(?: [\w'-]{1,15}){0,6}",
    "{end}": (
        r"(?= ?(?:$|[,:()?]| (?:y|pero|ni|porque|por favor|ayuda|de verdad|hoy|ya|tio|bro|con (?:esto"
        r"|esta vida|todo esto|nada))\b))"
    ),
}


def _rules(*rows: tuple[str, list[str], list[str]]) -> tuple[Rule, ...]:
    return made_rules(_SLOTS, rows)


EMERGENCY = _rules(
    (
        "overdose-es",
        [
            r"\b(?:tome|trague|ingeri|inyecte|enyecte|puse){w2} (?:demasiad[oa]s?|mucha) (?:insulina|{pills})",
            r"\b(?:mezcle|combine)\b.{0,60}\b(?:{pills}|alcohol|vodka)\b.{0,60}\b(?:no puedo|despiert\w+|ronca|veo)",
            r"\btook todas\b|\btome (?:too many|all)\b",
            r"\bme (?:he )?(?:tome|tomado|trague|tragado|comi|baje|meti|clave|acabe){w2} {many}{w4} {pills}",
            r"\bme (?:he )?(?:tome|tomado|trague|tragado|acabe|baje){w1} {many}? ?(?:un|una|el|la|dos)? ?(?:frasco|caja|bote|botella|blister\w*) (?:enter|complet|llen)\w+",
            r"\b(?:tome|trague|acabo de (?:tomarme|tragarme)|tomad[oa]){w2} (?:{many}|una caja|un frasco){w4} {pills}",
            r"\b(?:tome|tengo|tuve|estoy con|creo que es|hice) una sobredosis\b",
            r"\b(?:inyecte|puse|tome|pase){w4} (?:demasiad[oa]|el doble|de mas|doble|la dosis)\b.{0,80}\b(?:temblando|tiembl\w+|sud\w+|durmiendo|dormid\w+|marea\w+|despiert\w+|ojos)",
            r"\bme pase (?:con|de|en)\b.{0,40}\b(?:dosis|metadona|keta?|pastillas|insulina)\b",
            r"\b(?:bebi|trague|tome|me tome|me bebi|inhale){w2} {poison}\b",
            r"\b(?:empepe|empastille)\b",
        ],
        [r"{course}", r"{joke}", r"\b(?:sabia|sabor|casi)\b"],
    ),
    (
        "overdose-other-es",
        [
            r"{other}{w4} (?:se )?(?:puso|tomo|metio|mezclo)\b.{0,40}\b(?:parches|doble|heroina|fentanilo|alcohol|pastillas)\b.{0,50}\b(?:dormid[oa]|despierte|azul|ronca|no (?:se|jala|responde|reacciona)|vomita)",
            r"{other}{w4} (?:tomo|trago|comio|acabo|metio|inyecto|puso){w2} (?:{many}|una caja|un frasco|el doble){w4} (?:{pills}|parches|enter\w+|complet\w+)",
            r"{other}{w4} (?:tomo|tuvo|tiene|hizo|esta con) una sobredosis\b",
            r"{other}{w4} (?:tomo|trago|bebio|comio|ingirio){w2} (?:{poison}|mis {pills}|unas {pills}|el jarabe|mis parches)\b",
            r"{other}{w4} (?:frasco|caja)(?: de {pills})? (?:enter|complet)\w+",
        ],
        [r"{course}", r"{joke}", r"\b(?:perro|gato|romeo|julieta)\b"],
    ),
    (
        "breath-es",
        [
            r"\bno (?:puedo|logro|consigo)(?: ni| casi)? (?:respirar|jalar aire)\b(?! por)",
            r"\b(?:casi )?no respiro(?: bien)?{end}",
            r"\bme (?:estoy )?(?:ahogando|asfixiando)\b",
            r"\bno me entra(?: el)? aire\b|\bme falta(?: mucho)? el aire,? (?:no puedo|ayuda|y)\b",
        ],
        [r"{general}", r"{joke}", r"\b(?:deudas|papeles|bien|acuesto|dormir|asma,)\b"],
    ),
    (
        "breath-other-es",
        [
            r"^ (?:no respira|tiene los labios (?:azules|morados))\b",
            r"{other}{w6} (?:(?:casi )?no (?:puede |esta )?respira(?:r|ndo)?\b|dejo de respirar|no jala aire)",
            r"{other}{w6} respira{w1} (?:raro|lento|mal|poquito)\b",
            r"{other}{w6} (?:se esta )?(?:ahogando|asfixiando)\b",
            r"{other}{w4} (?:tiene )?(?:los )?labios (?:azules|morados)",
        ],
        [r"{general}", r"{joke}", r"\b(?:ronca|helado|paleta|perr[oa]|gat[oa])\b"],
    ),
    (
        "waking-es",
        [
            r"^ (?:se desmayo|el no despierta|no despierta|esta inconsciente|no reacciona|esta desmayad[oa])\b",
            r"{other}{w6} (?:cayo|callo|golpeo|tech?o|cayo del techo)\b.{0,30}\bno (?:se mueve|reacciona|reaxiona|responde)\b",
            r"\bme (?:voy a|estoy) (?:desmayar|desmayando|desmallando)\b",
            r"\bno (?:logro|puedo|consigo|podemos|logramos|hay quien)(?: la| lo)? (?:despert\w+|que (?:despierte|abra|reaccione))\b",
            r"{other}{w6} no (?:se )?(?:despierta|reacciona|responde|vuelve en si)\b",
            r"{other}{w4} (?:esta|quedo|cayo|encontre) (?:inconsciente|desmayad[oa])\b",
            r"{other}{w4} (?:se )?(?:desplomo|desmayo) (?:y|en|aqui)\b",
            r"\bno (?:tiene|le (?:encuentro|siento)(?: el)?) pulso\b",
        ],
        [
            r"{general}",
            r"{joke}",
            r"\b(?:para comer|dormilon\w*|alarma|al tratamiento|domingos?|mensajes|temprano|correo"
            r"|por la manana|en la manana)\b",
        ],
    ),
    (
        "chest-es",
        [
            r"\b(?:corazon a (?:mil|doscientos)|palpitaciones)\b.{0,40}\b(?:pecho|desmay\w+)",
            r"\bme (?:duele|aprieta|revienta|oprime)(?: \w+){0,2} (?:el )?pecho\b",
            r"\b(?:dolor|presion|opresion|peso|elefante)\b{w4} pecho\b.{0,60}\b(?:brazo|mandibula|quijada|sud\w+|ahora|horrible|fuerte)",
            r"\bme (?:s?ta |esta )?(?:da|dando|dio) un (?:infarto|ataque al corazon|derrame|paro)\b",
            r"{other}{w6} (?:esta )?(?:dando|teniendo|da|dio) un (?:infarto|ataque al corazon|derrame|paro|ictus)\b",
            r"{other}{w6} (?:le )?(?:aprieta|duele|dolor)\b{w4} (?:el )?pecho\b.{0,60}\b(?:brazo|sud\w+|fri[oa])",
        ],
        [
            r"{general}",
            r"{joke}",
            # A question about it; whoever tells of it and only ends with the mark is not asking.
            r"^ (?:a que|causa|como|cual\w*|cuando|da|dan|debo|donde|es|esta|hay|por que|provoca|pued\w+|que|quien|si|son)\b.*\?",
            r"\b(?:marzo|cardiologo|ano)\b",
        ],
    ),
    (
        "stroke-es",
        [
            r"\b(?:cara|boca|lado){w4} (?:torcid\w+|chueca|caid[oa]|no se (?:me )?mueve)\b",
            r"\b(?:de repente|de golpe|de pronto)\b{w4} no (?:puedo|puede|me salen|le salen) (?:hablar|mover|ver|las palabras)",
            r"\bno (?:puedo|puede) (?:hablar|mover)\b{w6} (?:de repente|de golpe)\b",
        ],
        [r"{general}"],
    ),
    (
        "throat-es",
        [
            r"\b(?:teniendo|tengo) una reaccion alergica (?:fuerte|grave|severa)\b",
            r"\bronchas\b.{0,40}\bno puedo (?:tragar|respirar)\b",
            r"\bse me (?:esta |va )?(?:cierra|cerrando|cerro|serro|hincha|hinchando|incha|inflam\w+){w2} (?:garganta|lengua)\b",
            r"\bse le (?:esta |va )?(?:cierra|cerrando|cerro|hincha|hinchando|incha|inflam\w+){w2} (?:garganta|lengua)\b",
        ],
        [r"{general}"],
    ),
    (
        "seizure-es",
        [
            r"{other}{w6} convulsiona\b|\bojos en blanco\b",
            r"\bacabo de tener una convulsion\b|\bcombulsionando\b",
            r"\b(?:estoy|sigo) (?:convulsionando|teniendo una convulsion)\b",
            r"{other}{w6} (?:convulsionando|teniendo una convulsion|en pleno ataque epileptico)\b",
            r"\besta convulsionando\b|\bespuma por la boca\b",
        ],
        [r"{general}"],
    ),
    (
        "bleeding-es",
        [
            r"\bme (?:apunalaron|balearon)\b|\bse corto las venas\b|\btosi[oe] sangre\b",
            r"\bme corte (?:muy|demasiado) (?:profundo|hondo)\b",
            r"\bdesangr(?:ando|o)\b",
            r"\bsangr(?:ando|o|a) (?:mucho|muchisimo|sin parar|a chorros|demasiado)\b",
            r"\bno (?:para|deja)(?: de)? (?:salir |la )?sangr(?:e|ar)\b",
            r"\bme (?:corte|abri|acabo de cortar) las (?:venas|munecas)\b",
            r"\bvomit(?:o|ando) sangre\b|\bsangre por todo\b",
        ],
        [r"{general}", r"\b(?:encias|regla|periodo|cepillo)\b"],
    ),
    (
        "help-es",
        [r"\b(?:necesito|llamen|manden|pidan)(?: a)? una (?:ambulancia|anbulancia)\b"],
        [r"{general}", r"\b(?:seguro|cuesta|cubre)\b"],
    ),
)

CRISIS = _rules(
    (
        "direct-es",
        [
            r"\bme quito la vida\b(?! laboral)",
            r"\b(?:voy a|quiero|punto de|ganas de) (?:saltar|tirarme|brincar) (?:desde|del?|al vacio)\b(?! (?:alegria|trampolin|risa|susto))",
            r"\b(?:para|pa) (?:morir|morirme|matarme|suicidarme)\b",
            r"\b(?:manera|forma)\b.{0,30}\b(?:de morir|para morir|de matarme|de suicidarme)\b",
            r"\bcomo (?:puedo )?(?:matarme|suicidarme|ahorcarme)\b|\bsirven para matarse\b",
            r"\bno (?:voy a|estare|voy a estar|paso de)(?: estar)? (?:viv[oa]\b|esta noche)",
            r"\bsalida(?: que \w+)?(?: es)? (?:que )?(?:matarme|la muerte|morir)\b",
            r"\b(?:quiero|voy a) (?:usarl[ao] conmigo|estrellar (?:el|mi) (?:coche|carro|auto))\b",
            r"\b(?:me gustaria|deseo|quisiera) (?:morir(?:me)?|no estar en este mundo)\b",
            r"\b(?:he|e) intentado (?:matarme|suicidarme|quitarme la vida)\b",
            r"\b(?:me )?(?:quiero|quisiera|voy a|boy a|vua|deseo|pienso(?: en)?|pensando en|planeo|planeando|ganas de|prefiero|preferiria|decidi\w*(?: a)?|estoy por|punto de|intente|trate de|penso en|merezco|capaz)(?: \w+){0,2}? (?:me )?{lethal}",
            r"(?:^ ?|[,:] ?|\b(?:hoy|ya|yo|si|noche|manana|no|y|mismo|ahora|ahorita) )me (?:mato|suicido|cuelgo|ahorco)\b(?! (?:trabajando|estudiando|de))",
            r"\b(?:mejor|ya|hoy) me muero\b(?! de| por)",
            r"\b(?:mi|un) (?:plan|suicidio)(?: \w+)? (?:para (?:matarme|suicidarme)|es (?:hoy|manana))|\bplaneando mi (?:suicidio|muerte)",
            r"\bquieromorir\b|\bautodesviv\w+",
        ],
        [r"{joke}", r"{long_ago}", r"\b(?:reduce|baja|ayuda con)\b"],
    ),
    (
        "suicidal-es",
        [
            r"\b(?:tengo|teniendo|me (?:vienen|vuelven|siguen|dan|estan volviendo)|vuelven|con) (?:\w+ )?(?:pensamientos?|ideas?) (?:suicid\w+|suisid\w+|de (?:suicidio|muerte|matarme|quitarme|morir))",
            r"\b(?:suicidio|muerte),? (?:es|seria) (?:mi|la) (?:unica|mejor)\b",
            r"\bme siento suicida\b|\bme quiero suicid",
        ],
        [r"{long_ago}", r"\btuve\b"],
    ),
    (
        "live-es",
        [
            r"\bno (?:quiero|deseo) seguir viviendo\b",
            r"\bno vale la pena (?:vivir|seguir)\b|\b(?:la|mi) vida no vale (?:la pena|nada)\b",
            r"\bno (?:quiero|deseo|soporto|aguanto)(?: \w+)? (?:vivir|viviendo|estar viv[oa]|existir|estar (?:aqui|aca|en este mundo)|despertar(?:me)?(?: nunca| jamas)?)(?: (?:mas|asi|nunca|ya|un dia mas))?{end}",
            r"\bno (?:quiero|deseo) (?:vivir|estar) (?:mas|asi|un dia mas|en este mundo)\b",
            r"\b(?:no tengo|perdi|se me fueron)(?: \w+)? ganas de (?:vivir|seguir)\b",
            r"\b(?:cansad|hart|podrid)[oa] de (?:vivir|existir|la vida|estar viv[oa]|luchar|pelear)\b",
            r"\b(?:dejar de vivir|dejar este mundo|estar muert[oa]\b(?! de))",
            r"\b(?:prefiero|mejor) (?:estar )?muert[oa] que\b(?! sencilla)",
        ],
        [
            r"{joke}",
            r"{long_ago}",
            r"\b(?:temprano|vivir (?:en (?!este mundo)|con|cerca|lejos)|ciudad|anestesia|suegros)\b",
        ],
    ),
    (
        "oblique-es",
        [
            r"\bmejor sin mi\b|\bsin mi (?:estarian|descansarian|vivirian)\b",
            r"\bsoy(?: \w+)? (?:una carga|un estorbo)\b(?! de| para la)",
            r"\bnadie (?:me (?:va a |vaya a )?(?:extran\w+|echar\w* de menos)|se (?:daria|va a dar) cuenta|notaria)\b",
            r"\bojala (?:no (?:despert\w+|hubiera nacido|amanezca|amaneciera)|nunca hubiera nacido|me (?:muera|muriera|durmiera)|no ubiera)",
            r"\bno (?:haber|hubiera) nacido\b",
            r"\b(?:quisiera|quiero|gustaria|pienso en)(?: \w+)? (?:desaparecer(?! (?:est|la|el|las|los|mis))|dormir(?:me)? y no despertar|no despertar|evaporarme|borrarme del mapa)",
            r"\bno (?:volver|vuelva|volviera) a despertar\b|\bdormid[oa] para siempre\b|\bdormir(?:me)? para siempre\b",
            r"\bno le (?:veo|encuentro)(?: \w+)? sentido a (?:nada|la vida|vivir|seguir)\b",
            r"\bno (?:veo|encuentro|hay|tengo)(?: \w+){0,2} (?:salida|razon(?:es)?|motivos?|sentido)(?: para \w+){0,2}{end}",
            r"\b(?:ya )no (?:puedo|aguanto|doy|soporto) mas{end}",
            r"\b(?:carta|nota) (?:de despedida|suicida|para cuando)\b",
            r"\b(?:hoy|este|esta) (?:es|sera|va a ser) mi (?:ultim[oa]) (?:dia|noche|mensaje|intento)\b",
            r"\bultim[oa] (?:intento|esperanza|carta|oportunidad|opcion)\b.{0,60}\b(?:se acabo|nada|fallo|no (?:funciona|sirve|hay))",
            r"\bcuando (?:ya )?no este\b(?! (?:mi|la|el|segur|ocupad|disponible))|\bcuando (?:encuentren|lean) esto\b",
            r"\bcuant[oa]s?\b.{0,60}\b(?:no (?:volver a )?despertar|para morir|matarme|hacen falta para)\b",
            r"\b(?:con mi|con mis|ver a mi)(?: \w+)? \w+ (?:en|al) (?:el )?cielo\b",
            r"\b(?:compre|tengo|consegui)(?: \w+)? (?:soga|cuerda|pistola|escopeta|revolver)\b.{0,40}\b(?:list[oa]|para mi|conmigo|hoy|cargad[oa])",
            r"\b(?:guardadas|guardo|guardando|juntando|juntadas|ahorrando)\b.{0,40}\b(?:pastillas|cajas|medicinas)\b.{0,60}\b(?:por si|para (?:cuando|el dia|matarme|morir))",
            r"\ben el (?:puente|borde|techo|anden)\b.{0,40}\b(?:mirando|agua|saltar|abajo)",
            r"\b(?:arma|pistola|revolver|rifle)\b.{0,30}\ben la (?:boca|sien|cabeza)\b",
            r"\bno (?:voy a|pienso|creo que) lleg(?:ar|ue) (?:viv[oa]|al (?:lunes|verano|domingo))",
            r"\bno me importa (?:si (?:vivo|muero)|morir)|\b(?:vivir o morir|me da igual vivir)\b",
        ],
        [
            r"{joke}",
            r"{long_ago}",
            r"\b(?:alergia|tramites?|calor|zapatos|contrasena|estacionamiento|hamaca|ojeras)\b",
        ],
    ),
    (
        "other-es",
        [
            r"{other}{w6} (?:dice|dijo|hablo?a?|escribio){w6} (?:se (?:va a|quiere) (?:matar|morir|colgar|tirar|suicidar)|se mata|se muere hoy)\b",
            r"{other}{w4} esta en (?:el puente|la azotea|el techo|la cornisa)\b",
            r"^ se quiere (?:matar|morir|suicidar)\b(?! de)",
            r"{other}{w6} (?:se va a morir|como se va a matar)\b.{0,10}$",
            r"{other}{w6} (?:se )?(?:quiere|va a|piensa en|intento|trato de|amenaza con|habla de|hablo de|trata de){w1} {lethal}",
            r"{other}{w6} que (?:hoy |ya )?se (?:quiere (?:morir|matar|ir)|va a (?:matar|morir|tirar|colgar|pegar un tiro|suicidar)|mata)\b",
            r"{other}{w6} no quiere (?:seguir )?(?:vivir|viviendo)\b",
            r"{other}{w2} se (?:esta )?(?:corta|cortando|autolesiona|autolesionando|hace cortes|quema)\b(?! (?:el pelo|las unas))",
            r"{other}{w6} (?:con|tiene) (?:la|una|el|un) (?:pistola|escopeta|arma|soga|cuchillo|rifle|revolver)\b",
            r"{other}{w6} (?:despidiendose|despidio de|despedida|regalo (?:todas )?sus)\b",
            r"{other}{w6} (?:estariamos|estarian) mejor sin (?:ella|el)\b",
            r"{other}{w6} (?:quiere|va a|amenaza con) (?:matar|apunalar|disparar)",
        ],
        [
            r"{joke}",
            r"{long_ago}",
            r"^ como se \w+ |\bsi (?:llego|falto|se entera)\b",
            r"\b(?:jueg\w+|coleccion\w*|policia|pelicula|viaje|fiesta)\b",
        ],
    ),
    (
        "self-harm-es",
        [
            r"\b(?:parar|dejar) de cortarme\b|\bganas (?:\w+ )?de (?:lastimarme|cortarme)\b",
            r"\bme quemo\b.{0,30}\ba proposito\b",
            r"\bautolecion\w+|\bme autoles\w+",
            r"\bno estoy segur[oa] conmigo\b|\bhacer una locura\b",
            r"\b(?:quiero|voy a|ganas de|necesito|miedo de(?: \w+)?|punto de|pienso en)(?: \w+)? (?:hacerme (?:dano|algo)|lastimarme|cortarme|autolesionarme|quemarme)\b(?! (?:el pelo|las unas|la mano))",
            r"\bme (?:estoy )?(?:autolesion\w+|cortando)\b",
            r"\bme (?:corto|corte|hago cortes|tajeo|rayo){w4} (?:brazos?|piernas?|muslos|munecas|para (?:sentir|calmarme)|a proposito|otra vez)\b",
            r"\bvolvi a (?:cortarme|los cortes|lastimarme)\b",
            r"\bmiedo de lo que (?:me )?(?:puedo|pueda|voy a) hacer",
        ],
        [r"{joke}", r"{long_ago}", r"\b(?:cocinando|afeit\w+|gluten)\b"],
    ),
    (
        "harm-others-es",
        [
            r"\b(?:voy a|quiero|ganas de|pienso en|pensando en|miedo de|temo)(?: \w+)? (?:matar|apunalar|lastimar|ahogar|estrangular|dispararle|acuchillar|hacerle dano)(?: \w+)? (?:a )?(?:mi|mis|alguien|ese|esa|un|la gente|todos)\b",
            r"\b(?:lo|la|le) voy a (?:matar|apunalar|ahogar|disparar|ahorcar|meter un \w+azo)\b",
            r"\bvo[cz]es? (?:\w+ ){0,4}?(?:que )?(?:me )?(?:mate|lastime|salte|pide|dic\w+|ordena\w*|manda\w*)\b",
        ],
        [r"{joke}", r"\b(?:el tiempo|tele|vecino,)\b"],
    ),
    (
        "home-es",
        [
            r"\bme (?:tiene amenazad[oa]|amenasa|amenaza) con\b.{0,30}\b(?:matar|pistola|cuchillo|machete|arma)\w*",
            r"{attacker}{w4} me (?:pega|golpea|pego|golpeo|amenaza|amenazo|encierra|tiene encerrada|viola|violo|ahorco|maltrata|va a matar|quiere matar|faja)\b",
            r"{attacker}{w6} (?:dice|dijo) que me (?:va a matar|mata)\b",
            r"\b(?:tengo miedo|le tengo miedo|miedo) (?:de|a) (?:mi (?:marido|esposo|novio|pareja|ex|papa|padrastro|hijo)|volver a (?:la |mi )?casa)\b",
            r"\bme violaron\b|\babusa de mi\b|\bno estoy segur[oa] en mi casa\b",
        ],
        [r"{long_ago}", r"{joke}", r"\b(?:la gripa?|el catarro|los piojos|gripe|fuerte|mi bebe)\b"],
    ),
)

MENTION = _rules(
    (
        "mention-es",
        [
            r"\bsuicid\w*|\bautolesi\w+|\bsobredosis\b",
            r"\bquit(?:ar(?:se|me)?|o|aron) la vida\b",
            r"\b(?:dosis|cantidad)\b.{0,30}\b(?:letal|mortal)\b",
            r"\bse puede(?: uno)? morir\b|\bmorir(?:se)? de una\b",
        ],
        [r"{joke}"],
    ),
)

ADVICE = _rules(
    (
        "change-es",
        [
            r"\b(?:puedo|debo|deberia|debemos|tengo que|me conviene|podria|hago bien en|esta bien|hace falta)(?: \w+)? (?:dejar|suspender|parar|saltarme|partir|bajar|subir|cambiar|seguir|tomar(?:me)?|mezclar|doblar|reducir|aumentar)\b.{0,40}(?:{pills}|dosis)",
            r"\b(?:dejo|suspendo|sigo con|me aumento|le (?:bajo|subo) a?|tomo|bajo)(?: \w+){0,2} (?:{pills}|doble|la dosis)\b.{0,60}\?",
        ],
        [r"^ (?:que|como|cuando|donde) (?!dosis)"],
    ),
    (
        "dose-es",
        [
            r"\bque dosis (?:deberia|debo|me toca|tomo|puedo)\b",
            r"\bcuant[oa]s?(?: {pills})? (?:debo|puedo|deberia)(?: \w+)? (?:tomar|darle|usar)",
        ],
        [],
    ),
    (
        "for-me-es",
        [
            r"\b(?:es|sera|seria)(?: \w+)? (?:segur[oa]|peligros[oa]|recomendable|buena idea|adecuad[oa]) para (?:mi\b|el\b|ella)",
            r"\bsoy (?:buen[oa]? )?candidat[oa]\b|\bme conviene (?:la|el)\b",
            r"\b(?:mi|mis) {kin} (?:deberia|debe|puede) (?:probar|tomar|recibir|hacerse)\b",
            r"\b(?:tengo|estoy|tuve|tomo)\b.{0,50}\b(?:puedo|es segur[oa]|me la puedo)\b.{0,40}\b(?:hacerme|ponerme|recibir|tomar|probar|tratamiento|para mi)",
        ],
        [],
    ),
    (
        "hospital-es",
        [
            r"\b(?:tengo que|debo|deberia|voy)(?: ir)? a(?:l)? (?:urgencias|emergencias?|hospital)\b.{0,60}\?"
        ],
        [r"^ (?:como|cuando|donde)\b"],
    ),
)
