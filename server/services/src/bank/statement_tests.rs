//! Files that a bank, a slip of the hand or somebody with bad intent could bring.

use super::*;

const ACCOUNT: &str = "LU280019400644750000";

fn entry(amount: &str, direction: &str, rest: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
         <BookgDt><Dt>2026-11-20</Dt></BookgDt>{rest}</Ntry>"
    )
}

fn balance(code: &str, amount: &str) -> String {
    let (amount, direction) = amount.strip_prefix('-').map_or((amount, "CRDT"), |amount| (amount, "DBIT"));
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt>\
         <CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>"
    )
}

fn file(opening: &str, closing: &str, entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-20T23:59:00</CreDtTm></GrpHdr>\
         <Stmt><Id>S-324</Id><Acct><Id><IBAN>{ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy></Acct>{}{}{entries}</Stmt>\
         </BkToCstmrStmt></Document>",
        balance("OPBD", opening),
        balance("CLBD", closing)
    )
}

fn one(text: &str) -> Result<Statement, Problem> {
    read(text.as_bytes(), ACCOUNT).map(|mut all| all.remove(0))
}

#[test]
fn what_the_bank_says_is_read_to_the_cent() {
    let detail = "<AcctSvcrRef>B77</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs>\
        <RltdPties><Dbtr><Pty><Nm>Nordwind &amp; Co</Nm></Pty></Dbtr>\
        <DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct></RltdPties>\
        <RmtInf><Ustrd>Invoice GH-INV</Ustrd><Ustrd>-2026-00042</Ustrd>\
        <Strd><CdtrRefInf><Ref>rf18 5390 0754 7034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>";
    let fee = "<AddtlNtryInf>Account fee</AddtlNtryInf>";
    let entries = entry("120.00", "CRDT", detail) + &entry("3.50", "DBIT", fee);
    let read = one(&file("-10.00", "106.50", &entries)).unwrap();
    assert_eq!((read.opening, read.closing), (Money::cents(-1_000), Money::cents(10_650)));
    let [credit, debit] = &read.entries[..] else { panic!("two entries") };
    assert_eq!((credit.amount, debit.amount), (Money::cents(12_000), Money::cents(-350)));
    assert_eq!(credit.party_name.as_deref(), Some("Nordwind & Co"));
    assert_eq!(credit.party_iban.as_deref(), Some("DE89370400440532013000"));
    assert_eq!(credit.reference.as_deref(), Some("RF18539007547034"), "the structured reference");
    assert_eq!(credit.text, "Invoice GH-INV -2026-00042");
    assert_eq!(credit.key, "B77|E1|120.00|2026-11-20");
    assert_eq!(debit.text, "Account fee");
}

#[test]
fn payments_booked_as_one_are_taken_apart_only_if_they_add_up() {
    let detail = |cents: &str, text: &str| {
        format!("<TxDtls><Amt Ccy=\"EUR\">{cents}</Amt><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>")
    };
    let batch = |one: &str, two: &str| format!("<NtryDtls>{}{}</NtryDtls>", detail(one, "a"), detail(two, "b"));
    let apart = one(&file("0.00", "30.00", &entry("30.00", "CRDT", &batch("10.00", "20.00")))).unwrap();
    let amounts: Vec<i64> = apart.entries.iter().map(|entry| entry.amount.as_cents()).collect();
    assert_eq!(amounts, [1_000, 2_000]);
    assert_ne!(apart.entries[0].key, apart.entries[1].key);
    let whole = one(&file("0.00", "30.00", &entry("30.00", "CRDT", &batch("10.00", "19.00")))).unwrap();
    assert_eq!((whole.entries.len(), whole.entries[0].text.as_str()), (1, "a b"));
}

#[test]
fn two_equal_payments_without_a_reference_are_two() {
    let same = entry("5.00", "CRDT", "");
    let read = one(&file("0.00", "10.00", &same.repeat(2))).unwrap();
    assert_ne!(read.entries[0].key, read.entries[1].key);
    let again = one(&file("0.00", "10.00", &same.repeat(2))).unwrap();
    assert_eq!(read, again, "and the same two wherever they are said again");
}

#[test]
fn what_is_only_announced_is_not_there() {
    let pending = entry("7.00", "CRDT", "").replace("BOOK", "PDNG");
    assert_eq!(one(&file("0.00", "0.00", &pending)).unwrap().entries, []);
}

#[test]
fn what_is_not_whole_or_not_ours_is_refused() {
    let good = file("0.00", "5.00", &entry("5.00", "CRDT", ""));
    assert!(one(&good).is_ok());
    let cases = [
        (good.replace(ACCOUNT, "DE89370400440532013000"), Problem::StatementAccount),
        (good.replace("camt.053.001.08", "pain.001.001.09"), Problem::NotAStatement),
        (good.replace("camt.053.001.08", "camt.053.001.99"), Problem::NotAStatement),
        (good.replace(" xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"", ""), Problem::NotAStatement),
        (good.replace("Ccy=\"EUR\">5.00", "Ccy=\"USD\">5.00"), Problem::StatementCurrency),
        (good.replace("<Ccy>EUR</Ccy>", "<Ccy>CHF</Ccy>"), Problem::StatementCurrency),
        (good.replace("CRDT</CdtDbtInd><Sts>", "BOTH</CdtDbtInd><Sts>"), Problem::StatementUnreadable),
        (good.replace("BOOK", "WHAT"), Problem::StatementUnreadable),
        (good.replace("CLBD", "XXXX"), Problem::StatementUnreadable),
        (good.replace("<Id>S-324</Id>", ""), Problem::StatementUnreadable),
        (good[..good.len() / 2].to_owned(), Problem::StatementUnreadable),
        (
            good.replace("5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>", "5.001</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>"),
            Problem::StatementUnreadable,
        ),
        (file("0.00", "5.01", &entry("5.00", "CRDT", "")), Problem::StatementBalance { counted: 500, stated: 501 }),
        (String::new(), Problem::NotAStatement),
        ("<html/>".to_owned(), Problem::NotAStatement),
        ("not XML at all".to_owned(), Problem::StatementUnreadable),
    ];
    for (text, problem) in cases {
        assert_eq!(one(&text), Err(problem), "{}", text.chars().take(120).collect::<String>());
    }
    assert_eq!(read(&[0xff, 0xfe, 0x00], ACCOUNT), Err(Problem::NotAStatement));
}

#[test]
fn entities_and_depth_do_no_harm() {
    let good = file("0.00", "5.00", &entry("5.00", "CRDT", ""));
    let bomb = "<!DOCTYPE Document [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    let bombed = good.replace("?>\n", &format!("?>\n{bomb}")).replace("S-324", "&b;");
    assert_eq!(one(&bombed), Err(Problem::StatementUnreadable));
    let outside = "<!DOCTYPE Document [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    let external = good.replace("?>\n", &format!("?>\n{outside}")).replace("S-324", "&x;");
    assert_eq!(one(&external), Err(Problem::StatementUnreadable));
    let deep = good.replace("<Id>S-324</Id>", &("<x>".repeat(5_000) + &"</x>".repeat(5_000)));
    assert_eq!(one(&deep), Err(Problem::StatementUnreadable));
}
