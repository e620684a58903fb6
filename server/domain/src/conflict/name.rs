//! Names of companies, so that two ways of writing one name are one.

use unicode_normalization::UnicodeNormalization as _;

/// Legal forms of the Union and its neighbours as they stand at the end (or the beginning) of a name, in normal form:
/// without dots and accents. Longer ones before the shorter ones that they end in.
const LEGAL_FORMS: &[&str] = &[
    // German, Austrian, Swiss, Liechtenstein
    "gesellschaft mit beschrankter haftung",
    "ug haftungsbeschrankt",
    "gmbh co kgaa",
    "gmbh co kg",
    "ag co kgaa",
    "ag co kg",
    "se co kgaa",
    "se co kg",
    "aktiengesellschaft",
    "gmbh",
    "ggmbh",
    "mbh",
    "kgaa",
    "ohg",
    "kg",
    "ug",
    "ag",
    "eg",
    "ek",
    "ev",
    // European
    "societas europaea",
    "se",
    "sce",
    "eeig",
    // French, Belgian, Luxembourg
    "societe par actions simplifiee unipersonnelle",
    "societe par actions simplifiee",
    "societe a responsabilite limitee",
    "societe anonyme",
    "sasu",
    "sas",
    "sarl",
    "sarl s",
    "eurl",
    "scop",
    "snc",
    "sci",
    "sca",
    "scs",
    "sa",
    "srl",
    "sprl",
    "asbl",
    // Dutch, Flemish
    "besloten vennootschap",
    "naamloze vennootschap",
    "bvba",
    "vzw",
    "vof",
    "cv",
    "bv",
    "nv",
    // Italian, Spanish, Portuguese, Romanian, Maltese
    "societa per azioni",
    "societa a responsabilita limitata",
    "sociedad anonima",
    "sociedad limitada",
    "sociedade anonima",
    "spa",
    "srls",
    "sapa",
    "sas di",
    "scarl",
    "slu",
    "sau",
    "sl",
    "sll",
    "lda",
    "unipessoal lda",
    // Nordic, Baltic
    "aktiebolag",
    "aktieselskab",
    "aksjeselskap",
    "anpartsselskab",
    "osakeyhtio",
    "publ",
    "ab",
    "asa",
    "as",
    "a s",
    "aps",
    "oyj",
    "oy",
    "hf",
    "ehf",
    "ou",
    "sia",
    "uab",
    // Polish, Czech, Slovak, Hungarian, Slovenian, Croatian, Bulgarian
    "spolka z ograniczona odpowiedzialnoscia",
    "sp z oo",
    "sp k",
    "sp j",
    "psa",
    "spol s ro",
    "s ro",
    "sro",
    "zrt",
    "nyrt",
    "kft",
    "bt",
    "doo",
    "dd",
    "ood",
    "eood",
    "ead",
    "ad",
    // Greek, Cypriot, Irish, British
    "ike",
    "epe",
    "ae",
    "designated activity company",
    "public limited company",
    "limited",
    "dac",
    "plc",
    "ltd",
    "llp",
    "lp",
    "clg",
    // Elsewhere
    "incorporated",
    "corporation",
    "company",
    "inc",
    "corp",
    "llc",
    "co",
];

/// Those that also stand at the beginning of a name: Baltic usage, and French.
const LEADING_FORMS: &[&str] = &["uab", "ab", "as", "ou", "sia", "sarl", "eurl"];

/// Words that stand for `&`.
const ANDS: [&str; 5] = ["and", "et", "und", "en", "y"];

/// Longest first, so that no form is taken for the end of a longer one.
fn forms() -> Vec<Vec<&'static str>> {
    let mut forms: Vec<Vec<&str>> = LEGAL_FORMS.iter().map(|form| form.split(' ').collect()).collect();
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms
}

/// The name in normal form: compatibility forms folded (NFKD, Unicode Standard Annex 15), accents and case gone,
/// letters of other scripts romanised, marks taken for spaces, the legal form left out. Empty if nothing is left that
/// could be compared.
pub fn name_key(name: &str) -> String {
    static FORMS: std::sync::LazyLock<Vec<Vec<&'static str>>> = std::sync::LazyLock::new(forms);
    let folded: String =
        name.nfkd().filter(|character| !unicode_normalization::char::is_combining_mark(*character)).collect();
    let plain = deunicode::deunicode(&folded).to_lowercase();
    // Dots and apostrophes stand within words (`S.A.S.`, `l'Oréal`), everything else between them.
    let text: String = plain
        .chars()
        .filter(|character| !matches!(character, '.' | '\'' | '`'))
        .map(|character| if character.is_ascii_alphanumeric() { character } else { ' ' })
        .collect();
    let all: Vec<&str> = text.split_whitespace().filter(|word| !ANDS.contains(word)).collect();
    let mut words = all.as_slice();
    if let [first, rest @ ..] = words
        && LEADING_FORMS.contains(first)
        && !rest.is_empty()
    {
        words = rest;
    }
    while let Some(shorter) = FORMS.iter().find_map(|form| without(words, form)) {
        words = shorter;
    }
    words.join(" ")
}

/// The words without this form at their end, unless nothing would be left.
fn without<'a>(words: &'a [&'a str], form: &[&'a str]) -> Option<&'a [&'a str]> {
    words.strip_suffix(form).filter(|rest| !rest.is_empty())
}

/// A registration number without spaces and marks, as organisations' are kept.
pub fn registration_key(number: &str) -> String {
    number.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}
