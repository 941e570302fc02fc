"""The dictionary of drugs, which `manage.py drug_dictionary --write` makes of treatment/dictionary/agents.yaml."""

from grading.rules.drugs.agent import Agent, AgentClass

# fmt: off
DICTIONARY: tuple[Agent, ...] = (
    Agent("norepinephrine", AgentClass.VASOPRESSOR, "C01CA03",
          names=(
              "noradrenaline", "noradrenalin", "norepinephrin", "norepi", "norad", "NE", "levarterenol",
              "arterenol", "levophed", "norpin", "去甲腎上腺素", "正腎上腺素", "去甲肾上腺素", "正肾上腺素",
              "ノルアドレナリン",
          )),
    Agent("epinephrine", AgentClass.VASOPRESSOR, "C01CA24",
          names=(
              "adrenaline", "adrenalin", "epinephrin", "epi", "suprarenin", "bosmin", "腎上腺素", "肾上腺素",
              "アドレナリン",
          ),
          topical=True),
    Agent("phenylephrine", AgentClass.VASOPRESSOR, "C01CA06",
          names=(
              "neosynephrine", "phenylephrin", "biorphen", "vazculep", "去氧腎上腺素", "苯腎上腺素", "新福林",
              "去氧肾上腺素", "苯肾上腺素",
          ),
          topical=True),
    Agent("dopamine", AgentClass.VASOPRESSOR, "C01CA04",
          names=(
              "dopamin", "intropin", "多巴胺",
          )),
    Agent("angiotensin ii", AgentClass.VASOPRESSOR, "C01CX09",
          names=(
              "angiotensin", "angiotensinamide", "giapreza", "ang ii", "血管張力素", "血管收縮素", "血管紧张素",
          )),
    Agent("terlipressin", AgentClass.VASOPRESSOR, "H01BA04",
          names=(
              "terlivaz", "glypressin", "glypressine", "特利加壓素", "特利加压素",
          )),
    Agent("midodrine", AgentClass.VASOPRESSOR, "C01CA17",
          names=(
              "midodrin", "gutron", "proamatine", "orvaten", "米多君",
          ),
          oral=True),
    Agent("droxidopa", AgentClass.VASOPRESSOR, "C01CA27",
          names=(
              "northera", "屈昔多巴",
          ),
          oral=True),
    Agent("etilefrine", AgentClass.VASOPRESSOR, "C01CA01",
          names=(
              "etilefrin", "effortil",
          ),
          oral=True),
    Agent("metaraminol", AgentClass.VASOPRESSOR, "C01CA09",
          names=(
              "aramine", "間羥胺", "间羟胺",
          )),
    Agent("methoxamine", AgentClass.VASOPRESSOR, "C01CA10",
          names=(
              "vasoxyl", "甲氧明",
          )),
    Agent("ephedrine", AgentClass.VASOPRESSOR, "C01CA26",
          names=(
              "ephedrin", "akovaz", "emerphed", "corphedra", "rezipres", "麻黃素", "麻黃鹼", "麻黄碱",
          )),
    Agent("methylthioninium chloride", AgentClass.VASOPRESSOR, "V03AB17",
          names=(
              "methylthioninium", "methylene blue", "methylenblau", "provayblue", "亞甲藍", "亚甲蓝",
          )),
    Agent("vasopressin", AgentClass.VASOPRESSIN, "H01BA01",
          names=(
              "argipressin", "arginine vasopressin", "AVP", "pitressin", "vasostrict", "empressin", "血管加壓素",
              "血管升壓素", "血管加压素",
          )),
    Agent("dobutamine", AgentClass.INOTROPE, "C01CA07",
          names=(
              "dobutamin", "dobutrex", "dobu", "多巴酚丁胺",
          )),
    Agent("milrinone", AgentClass.INOTROPE, "C01CE02",
          names=(
              "milrinon", "primacor", "corotrop", "米力農", "米力农",
          )),
    Agent("enoximone", AgentClass.INOTROPE, "C01CE03",
          names=(
              "enoximon", "perfan",
          )),
    Agent("levosimendan", AgentClass.INOTROPE, "C01CX08",
          names=(
              "simdax", "左西孟旦",
          )),
    Agent("tocilizumab", AgentClass.ANTICYTOKINE, "L04AC07",
          names=(
              "actemra", "roactemra", "tyenne", "tofidence", "avtozma", "托珠單抗", "托珠单抗", "安挺樂",
          ),
          ambiguous=(
              "toci", "TCZ",
          )),
    Agent("anakinra", AgentClass.ANTICYTOKINE, "L04AC03",
          names=(
              "kineret", "阿那白滯素",
          )),
    Agent("siltuximab", AgentClass.ANTICYTOKINE, "L04AC11",
          names=(
              "sylvant", "司妥昔單抗",
          )),
    Agent("dexamethasone", AgentClass.CORTICOSTEROID, "H02AB02",
          names=(
              "decadron", "hexadrol", "地塞米松",
          ),
          ambiguous=(
              "dexa",
          ),
          topical=True),
    Agent("betamethasone", AgentClass.CORTICOSTEROID, "H02AB01",
          names=(
              "celestone", "倍他米松",
          ),
          topical=True),
    Agent("methylprednisolone", AgentClass.CORTICOSTEROID, "H02AB04",
          names=(
              "medrol", "solu-medrol", "depo-medrol", "甲潑尼龍", "甲基培尼皮質醇", "甲泼尼龙",
          ),
          topical=True),
    Agent("triamcinolone", AgentClass.CORTICOSTEROID, "H02AB08",
          names=(
              "曲安西龍",
          ),
          topical=True),
    Agent("prednisone", AgentClass.CORTICOSTEROID, "H02AB07",
          names=(
              "deltasone", "潑尼松", "泼尼松",
          ),
          topical=True),
    Agent("prednisolone", AgentClass.CORTICOSTEROID, "H02AB06",
          names=(
              "潑尼松龍", "泼尼松龙",
          ),
          topical=True),
    Agent("hydrocortisone", AgentClass.CORTICOSTEROID, "H02AB09",
          names=(
              "cortef", "solu-cortef", "氫化可體松", "氫化可的松", "氢化可的松",
          ),
          topical=True),
    Agent("paracetamol", AgentClass.ANTIPYRETIC, "N02BE01",
          names=(
              "acetaminophen", "APAP", "tylenol", "panadol", "ofirmev", "perfalgan", "calpol", "乙醯胺酚",
              "普拿疼", "对乙酰氨基酚", "對乙醯氨基酚",
          )),
    Agent("ibuprofen", AgentClass.ANTIPYRETIC, "M01AE01",
          names=(
              "advil", "motrin", "nurofen", "caldolor", "布洛芬", "伊布洛芬",
          ),
          topical=True),
    Agent("naproxen", AgentClass.ANTIPYRETIC, "M01AE02",
          names=(
              "aleve", "naprosyn", "萘普生", "那普洛先",
          ),
          topical=True),
    Agent("metamizole", AgentClass.ANTIPYRETIC, "N02BB02",
          names=(
              "dipyrone", "metamizol", "novalgin", "安乃近",
          )),
    Agent("albumin", AgentClass.FLUID, "B05AA01",
          names=(
              "human albumin", "albutein", "albuminar", "plasbumin", "buminate", "白蛋白",
          )),
    Agent("sodium chloride", AgentClass.FLUID, "",
          names=(
              "saline", "normal saline", "natriumchlorid", "生理食鹽水", "生理盐水", "氯化鈉",
          )),
    Agent("ringer's solution", AgentClass.FLUID, "",
          names=(
              "ringer", "ringer lactate", "lactated ringer's", "ringer acetate", "hartmann's", "plasma-lyte",
              "林格氏液", "乳酸林格",
          )),
    Agent("hydroxyethyl starch", AgentClass.FLUID, "B05AA07",
          names=(
              "hetastarch", "voluven", "hespan",
          )),
    Agent("gelatin", AgentClass.FLUID, "B05AA06",
          names=(
              "gelofusine", "gelafundin",
          )),
    Agent("glucose", AgentClass.FLUID, "",
          names=(
              "dextrose", "葡萄糖",
          )),
    Agent("furosemide", AgentClass.DIURETIC, "C03CA01",
          names=(
              "furosemid", "frusemide", "lasix", "呋塞米", "來適泄",
          )),
    Agent("bumetanide", AgentClass.DIURETIC, "C03CA02",
          names=(
              "bumex", "burinex",
          )),
    Agent("torasemide", AgentClass.DIURETIC, "C03CA04",
          names=(
              "torsemide", "torasemid", "demadex",
          )),
    Agent("spironolactone", AgentClass.DIURETIC, "C03DA01",
          names=(
              "aldactone",
          )),
    Agent("mannitol", AgentClass.DIURETIC, "B05BC01",
          names=(
              "osmitrol", "甘露醇",
          )),
    Agent("meropenem", AgentClass.ANTIBIOTIC, "J01DH02",
          names=(
              "merrem", "美羅培南",
          )),
    Agent("vancomycin", AgentClass.ANTIBIOTIC, "J01XA01",
          names=(
              "vancocin", "萬古黴素", "万古霉素",
          )),
    Agent("diphenhydramine", AgentClass.OTHER, "R06AA02",
          names=(
              "benadryl",
          )),
    Agent("metoprolol", AgentClass.OTHER, "C07AB02",
          names=(
              "lopressor",
          )),
    Agent("labetalol", AgentClass.OTHER, "C07AG01",
          names=(
              "trandate",
          )),
    Agent("amiodarone", AgentClass.OTHER, "C01BD01",
          names=(
              "cordarone", "nexterone",
          )),
    Agent("nicardipine", AgentClass.OTHER, "C08CA04",
          names=(
              "cardene",
          )),
    Agent("glyceryl trinitrate", AgentClass.OTHER, "C01DA02",
          names=(
              "nitroglycerin", "nitroglycerine",
          )),
    Agent("propofol", AgentClass.OTHER, "N01AX10",
          names=(
              "diprivan",
          )),
    Agent("midazolam", AgentClass.OTHER, "N05CD08",
          names=(
              "versed", "dormicum",
          )),
    Agent("dexmedetomidine", AgentClass.OTHER, "N05CM18",
          names=(
              "precedex", "dexdor",
          )),
    Agent("fentanyl", AgentClass.OTHER, "",
          names=(
              "sublimaze",
          )),
    Agent("morphine", AgentClass.OTHER, "N02AA01",
          names=(
              "morphin", "嗎啡",
          )),
    Agent("heparin", AgentClass.OTHER, "B01AB01",
          names=(
              "肝素",
          )),
    Agent("insulin", AgentClass.OTHER, "",
          names=(
              "胰島素",
          )),
    Agent("levetiracetam", AgentClass.OTHER, "N03AX14",
          names=(
              "keppra",
          )),
    Agent("desmopressin", AgentClass.OTHER, "H01BA02",
          names=(
              "minirin", "DDAVP",
          )),
)
