//! Words of other languages (JavaScript, Python, Excel, 1C, SQL, Basic, Russian) and what stands for them here, as data.
//! Knows nothing of functions: whoever suggests one asks first whether it exists.

/// What a word of another language is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// A keyword, an operator or a value, written in its place.
    Spelled(&'static str),
    /// Nothing: the word is left out.
    Nothing,
    /// A function of another name that takes the same arguments.
    Function(&'static str),
    /// A function that takes one list where the word takes many values.
    OfList(&'static str),
    /// A variable or value, where the word is called without arguments.
    Variable(&'static str),
    /// Something else: the message that says what.
    Otherwise(&'static str),
}

use Meant::{Function, Nothing, OfList, Otherwise, Spelled, Variable};

const TABLE: &[(&[&str], Meant)] = &[
    // Keywords and operators.
    (&["если", "if"], Spelled("if")),
    (&["иначеесли", "elseif", "elsif", "elif"], Spelled("elif")),
    (&["иначе", "else", "otherwise"], Spelled("else")),
    (&["пока", "while"], Spelled("while")),
    (&["для", "for", "foreach"], Spelled("for")),
    (&["в", "из", "in"], Spelled("in")),
    (&["и", "and"], Spelled("and")),
    (&["или", "or"], Spelled("or")),
    (&["не", "not"], Spelled("not")),
    (&["прервать", "стоп", "break"], Spelled("break")),
    (&["продолжить", "continue"], Spelled("continue")),
    (&["вернуть", "возврат", "return"], Spelled("return")),
    (&["функция", "процедура", "function", "func", "fn", "sub", "def"], Spelled("def")),
    (&["удалить", "delete"], Spelled("del")),
    (&["mod"], Spelled("%")),
    (&["div"], Spelled("//")),
    (&["is", "eq", "equals", "равно"], Spelled("==")),
    (&["isnt", "ne", "neq"], Spelled("!=")),
    (&["gt", "больше"], Spelled(">")),
    (&["lt", "меньше"], Spelled("<")),
    (&["gte", "ge"], Spelled(">=")),
    (&["lte", "le"], Spelled("<=")),
    (&["плюс", "plus"], Spelled("+")),
    (&["минус", "minus"], Spelled("-")),
    // Values.
    (&["истина", "правда", "true"], Spelled("True")),
    (&["ложь", "false"], Spelled("False")),
    (&["неопределено", "пусто", "null", "nil", "undefined", "none", "nan", "nothing"], Spelled("None")),
    // Words in front of a statement that say nothing here.
    (
        &[
            "var",
            "let",
            "const",
            "final",
            "static",
            "public",
            "private",
            "await",
            "async",
            "new",
            "перем",
            "dim",
            "local",
            "set",
            "call",
            "int",
            "float",
            "string",
            "bool",
            "auto",
            "выполнить",
        ],
        Nothing,
    ),
    // Functions of other names, as they are called here and there.
    (&["touppercase", "ucase", "прописн", "strtoupper", "врег", "toupper"], Function("upper")),
    (&["tolowercase", "lcase", "строчн", "strtolower", "нрег", "tolower", "casefold"], Function("lower")),
    (&["trim", "сжпробелы", "сокрлп", "lstrip", "rstrip", "trimstart", "trimend"], Function("strip")),
    (&["length", "size", "count", "strlen", "стрдлина", "длстр", "дстр", "количество", "длина"], Function("len")),
    (&["split", "explode", "стрразделить"], Function("splitter")),
    (&["implode", "стрсоединить"], Function("join")),
    (&["push", "push_back", "array_push", "добавить"], Function("append")),
    (&["includes", "has"], Function("contains")),
    (&["replaceall", "substitute", "подставить", "стрзаменить", "заменить", "str_replace"], Function("replace")),
    (&["substr", "slice", "mid", "пстр", "сред"], Function("substring")),
    (&["indexof", "find", "найти", "поиск", "стрнайти", "search"], Function("index")),
    (&["parseint", "целое", "цел", "cint", "intval", "toint", "trunc", "int64"], Function("int")),
    (&["parsefloat", "number", "число", "val", "cdbl", "floatval", "tofloat", "double", "decimal"], Function("float")),
    (&["tostring", "string", "строка", "текст", "cstr", "strval", "repr"], Function("str")),
    (&["boolean", "булево"], Function("bool")),
    (&["typeof", "gettype", "типзнч", "тип"], Function("type")),
    (&["stringify", "json_encode", "dumps"], Function("to_json")),
    (&["parse", "json_decode", "loads", "jsonparse"], Function("json")),
    (
        &["log", "alert", "echo", "сообщить", "printf", "puts", "write", "writeln", "вывод", "вывести", "печать", "напечатать"],
        Function("print"),
    ),
    (&["startsWith", "startswith", "стрначинаетсяс"], Function("startswith")),
    (&["endsWith", "endswith", "стрзаканчиваетсяна"], Function("endswith")),
    (&["toFixed", "tofixed", "окр", "округл", "округлить"], Function("round")),
    (&["power", "степень", "math_pow"], Function("pow")),
    (&["корень"], Function("sqrt")),
    (&["randint", "randbetween", "случмежду", "randrange", "rand"], Function("random")),
    (&["random_choice", "choice"], Function("select_random_from_list")),
    (&["concatenate", "сцепить", "сцеп", "textjoin"], Function("concat")),
    (&["haskey", "has_key", "hasownproperty", "свойство"], Function("exist_key")),
    (&["encodeuricomponent", "encodeuri"], Function("urlencode")),
    (&["decodeuricomponent", "decodeuri"], Function("urldecode")),
    (&["btoa"], Function("base64")),
    (&["atob"], Function("base64decode")),
    (&["sorted", "упорядочить"], Function("sort")),
    (&["unique", "uniq"], Function("remove_duplicates")),
    (&["shuffle"], Function("shuffle_massive")),
    (&["findall", "matchall"], Function("findall")),
    (&["strftime", "format_date"], Function("get_datetime")),
    (&["датамес", "добавитьмесяц", "edate"], Function("addMonth")),
    (&["abs", "модуль"], Function("abs")),
    (&["reverse"], Otherwise("instead-of-reverse")),
    (&["update", "extend", "addall"], Otherwise("instead-of-update")),
    (&["zfill", "padstart", "ljust", "rjust"], Otherwise("instead-of-padding")),
    (&["iferror", "еслиошибка"], Otherwise("instead-of-iferror")),
    (&["countif", "счётесли", "счетесли", "sumif", "суммесли"], Otherwise("instead-of-countif")),
    (&["остат", "остаток"], Otherwise("instead-of-mod")),
    (&["округлвверх", "roundup", "ceiling"], Function("ceil")),
    (&["округлвниз", "rounddown", "отбр"], Function("floor")),
    (&["деньнед", "деньнедели", "dayofweek", "datepart"], Otherwise("instead-of-weekday")),
    (&["епусто", "isblank", "isempty", "empty", "isset", "значениезаполнено", "пустаястрока"], Otherwise("instead-of-isblank")),
    (&["рубль", "формат", "number_format", "numberformat"], Function("int_to_string")),
    (&["макс", "maximum"], Function("max")),
    (&["мин", "minimum"], Function("min")),
    (&["если", "if", "iif", "iff"], Function("if")),
    (&["sum", "сумм", "сумма"], OfList("sum")),
    // Functions of the CRM as one may guess them.
    (
        &[
            "set_state",
            "set_order_state",
            "change_order_state",
            "set_stage",
            "change_stage",
            "move_to_state",
            "move_order_to_state",
            "set_order_stage",
            "set_status",
            "change_status",
        ],
        Function("change_state"),
    ),
    (&["create_deal", "new_order", "add_order", "new_deal", "create_lead"], Function("create_order")),
    (&["add_task", "new_task", "set_task"], Function("create_task")),
    (&["add_note", "create_note", "add_comment", "set_comment"], Function("set_note")),
    (&["set_budget", "set_price", "change_budget", "set_deal_budget"], Function("set_order_budget")),
    (&["assign_operator", "set_operator", "assign_user", "assign_to_operator"], Function("assign_to_user")),
    (&["get_deal_id", "get_current_order_id", "current_order_id"], Function("get_order_id")),
    (&["get_state", "get_stage", "get_stage_id", "get_order_state"], Function("get_state_id")),
    (&["set_var", "set_variable"], Function("set_client_var")),
    (&["get_var", "get_variable"], Function("get_client_var")),
    // Variables.
    (&["today", "сегодня", "текущаядата", "curdate", "getdate", "date_now"], Variable("current_date")),
    (&["time", "времясейчас"], Variable("current_time")),
    (&["now", "тдата", "date"], Variable("get_datetime('%d.%m.%Y %H:%M')")),
    // What has no counterpart.
    (&["map"], Otherwise("instead-of-map")),
    (&["filter"], Otherwise("instead-of-filter")),
    (&["reduce"], Otherwise("instead-of-reduce")),
    (&["input", "prompt", "readline", "scanf"], Otherwise("instead-of-input")),
    (&["format"], Otherwise("instead-of-format")),
    (&["pop", "shift"], Otherwise("instead-of-pop")),
    (&["open", "fetch", "require", "exec", "eval", "sleep", "settimeout", "setinterval"], Otherwise("instead-of-nothing")),
    (&["isnan"], Otherwise("instead-of-isnan")),
    (&["isnumeric", "isdigit", "is_numeric", "ечисло", "isnumber"], Function("is_float")),
    (&["ifnull", "nvl", "coalesce", "isnull"], Otherwise("instead-of-coalesce")),
    (&["switch", "choose", "выбор", "ifs", "еслимн"], Otherwise("instead-of-switch")),
    (&["vlookup", "впр", "hlookup", "xlookup"], Otherwise("instead-of-lookup")),
    (&["and", "и"], Otherwise("instead-of-and")),
    (&["or", "или"], Otherwise("instead-of-or")),
    (&["not", "не"], Otherwise("instead-of-not")),
    (&["datediff", "разндат"], Otherwise("instead-of-datediff")),
    (&["average", "срзнач", "avg", "mean"], Otherwise("instead-of-average")),
    (&["day", "день", "month", "месяц", "year", "год"], Otherwise("instead-of-date-part")),
    (&["left", "лев", "лсимв", "левсимв"], Otherwise("instead-of-left")),
    (&["right", "прав", "псимв", "правсимв"], Otherwise("instead-of-right")),
    (&["mod"], Otherwise("instead-of-mod")),
    (&["дата", "dateserial", "make_date"], Otherwise("instead-of-date")),
];

/// What a word of another language, in any case, is here; words that are called and words that are not may differ.
#[must_use]
pub fn spelled(word: &str) -> Option<&'static str> {
    find(word, |meant| match meant {
        Spelled(text) => Some(*text),
        _ => None,
    })
}

/// Whether a word in front of a statement says nothing here.
#[must_use]
pub fn is_nothing(word: &str) -> bool {
    find(word, |meant| (*meant == Nothing).then_some("")).is_some()
}

/// What stands here for a function of another language.
#[must_use]
pub fn called(word: &str) -> Option<Meant> {
    let lower = word.to_lowercase();
    let is_call = |meant: &Meant| matches!(meant, Function(_) | OfList(_) | Variable(_) | Otherwise(_));
    TABLE.iter().find(|(words, meant)| is_call(meant) && words.iter().any(|known| *known == lower)).map(|(_, meant)| *meant)
}

/// Words of [`called`] whose arguments or results are not quite those of what stands for them.
#[must_use]
pub fn differs(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "lstrip"
            | "rstrip"
            | "trimstart"
            | "trimend"
            | "textjoin"
            | "implode"
            | "explode"
            | "str_replace"
            | "array_push"
            | "randrange"
            | "search"
            | "find"
            | "indexof"
            | "substr"
            | "slice"
            | "mid"
            | "пстр"
            | "сред"
            | "найти"
            | "поиск"
            | "count"
            | "set_state"
            | "set_order_state"
            | "change_order_state"
            | "set_stage"
            | "change_stage"
            | "move_to_state"
            | "move_order_to_state"
            | "set_order_stage"
            | "set_status"
            | "change_status"
            | "set_var"
            | "set_variable"
            | "get_var"
            | "get_variable"
            | "get_state"
            | "get_order_state"
            | "текст"
            | "округлвверх"
            | "roundup"
            | "ceiling"
            | "округлвниз"
            | "rounddown"
            | "отбр"
            | "рубль"
            | "формат"
            | "number_format"
            | "numberformat"
    )
}

fn find(word: &str, what: impl Fn(&'static Meant) -> Option<&'static str>) -> Option<&'static str> {
    let lower = word.to_lowercase();
    TABLE.iter().filter(|(words, _)| words.iter().any(|known| *known == lower)).find_map(|(_, meant)| what(meant))
}

/// Every word of the table with what it means, for a test that the functions exist.
pub fn all() -> impl Iterator<Item = (&'static str, Meant)> {
    TABLE.iter().flat_map(|(words, meant)| words.iter().map(|word| (*word, *meant)))
}
