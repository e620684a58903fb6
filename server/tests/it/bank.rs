//! Bank statements through HTTP: a file is taken in or refused with what is wrong, an entry placed by hand, undone and
//! set aside, all with forms alone.

use axum::body::Body;
use chrono::TimeDelta;
use http::{Request, StatusCode, header};
use testkit::World;

use crate::{
    browser::{Answer, Browser},
    invoices::{Billed, billed, finance},
};

fn statement(opening: &str, closing: &str) -> String {
    let balance = |code: &str, amount: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt>\
             <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>"
        )
    };
    format!(
        "<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>1</MsgId><CreDtTm>2026-11-20T23:00:00</CreDtTm></GrpHdr><Stmt><Id>2026-324</Id>\
         <Acct><Id><IBAN>LU280019400644750000</IBAN></Id></Acct>{}{}\
         <Ntry><Amt Ccy=\"EUR\">25.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
         <BookgDt><Dt>2026-11-20</Dt></BookgDt><NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>&lt;b&gt;Nord&lt;/b&gt;</Nm></Pty></Dbtr>\
         </RltdPties><RmtInf><Ustrd>who knows</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\
         </Stmt></BkToCstmrStmt></Document>",
        balance("OPBD", opening),
        balance("CLBD", closing)
    )
}

async fn upload(browser: &mut Browser, content: &str) -> Answer {
    const MARK: &str = "----a-boundary";
    let body = format!(
        "--{MARK}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"s.xml\"\r\n\
         Content-Type: application/xml\r\n\r\n{content}\r\n--{MARK}--\r\n"
    );
    let request = Request::post("/finance/bank")
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={MARK}"))
        .header(header::CONTENT_LENGTH, body.len())
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap();
    browser.send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_taken_in_and_its_entry_placed() {
    let world = World::sqlite().await;
    let mut books = finance(&world).await;
    assert!(books.get("/finance/bank").await.says("No statement yet"));
    let wrong = upload(&mut books, &statement("10.00", "36.00")).await;
    wrong.assert_wrong("file");
    assert!(wrong.says("€35.00") && wrong.says("€36.00"), "{}", wrong.body);
    upload(&mut books, "").await.assert_wrong("file");
    upload(&mut books, "<html></html>").await.assert_wrong("file");
    let taken = upload(&mut books, &statement("10.00", "35.00")).await;
    assert_eq!((taken.status, taken.location()), (StatusCode::SEE_OTHER, "/finance/bank"));
    let page = books.get("/finance/bank").await;
    assert!(page.says("2026-324") && page.says("Names nothing we know"), "{}", page.body);
    assert!(page.says("&lt;b&gt;Nord&lt;/b&gt;"), "what a payer calls itself is text");
    assert!(books.get("/finance").await.says("Entries that need a person"));
    upload(&mut books, &statement("10.00", "35.00")).await.assert_wrong("file");
    let list = books.get("/finance/bank/entries?state=open").await;
    let entry = list.body.split("href=\"").find(|part| part.starts_with("/finance/bank/entries/")).unwrap();
    let entry = entry.split('"').next().unwrap().to_owned();
    assert!(books.get(&format!("{entry}?q=nobody")).await.says("No unpaid invoice like this"));
    let unplaced = books.post(&format!("{entry}/match"), &[("version", "1")]).await;
    unplaced.assert_wrong("rest");
    books.post(&format!("{entry}/ignore"), &[("version", "1"), ("reason", "")]).await.assert_wrong("reason");
    let aside = books.post(&format!("{entry}/ignore"), &[("version", "1"), ("reason", "A gift")]).await;
    assert_eq!(aside.location(), "/finance/bank");
    assert!(books.get(&entry).await.says("A gift"));
    let stale = books.post(&format!("{entry}/undo"), &[("version", "1"), ("reason", "x")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let undone = books.post(&format!("{entry}/undo"), &[("version", "2"), ("reason", "No gift")]).await;
    assert_eq!(undone.location(), entry);
    assert!(books.get(&entry).await.says("Its match was undone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_invoice_is_reminded_of_held_and_exported() {
    let world = World::sqlite().await;
    let Billed { invoice, mut owner, person, stand, .. } = billed(&world).await;
    let page = owner.get(&format!("/invoices/{invoice}")).await;
    assert!(page.says("Pay by transfer") && page.says("GHIN V202 6000 01"), "{}", page.body);
    world.advance(TimeDelta::days(34));
    world.work().await;
    let mut books = finance(&world).await;
    // Whoever was away for a month signs in again.
    owner.enter_as(&world, person, stand).await;
    let list = books.get("/finance/reminders").await;
    assert!(list.says("Friendly reminder") && list.says("Firm letter on"), "{}", list.body);
    let case = format!("/finance/reminders/{invoice}");
    assert!(books.get(&case).await.says("10.15%"), "the rate of the law");
    let hold = format!("{case}/hold");
    books.post(&hold, &[("kind", "promise"), ("until", "2026-01-01"), ("reason", "x")]).await.assert_wrong("until");
    let typed = [("kind", "promise"), ("until", "2027-01-05"), ("reason", "A grant"), ("promised_by", "Ms Owner")];
    assert_eq!(books.post(&hold, &typed).await.location(), case);
    let said = owner.get("/invoices").await;
    assert!(said.says("is overdue: €120.00 is left to pay") && said.says("You promised to pay by"), "{}", said.body);
    let csv = books.get("/finance/ageing.csv").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.body.lines().nth(1), Some("Cosmos <Vision> SAS,FR,0.00,120.00,0.00,0.00,0.00,120.00"));
    assert!(books.get("/finance/ageing").await.says("Cosmos &lt;Vision&gt; SAS"));
    books.post(&format!("{case}/write-off"), &[("why", "")]).await.assert_wrong("why");
    assert_eq!(books.post(&format!("{case}/write-off"), &[("why", "Insolvent")]).await.location(), case);
    assert!(owner.get(&format!("/invoices/{invoice}")).await.says("Written off"));
}
