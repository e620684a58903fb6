// A statement of our bank, as the bank writes it (CAMT.053).
import { typed } from './figures.js';

/** A statement with one credit on our account, which names an invoice by its reference. */
export function statement(at: { name: string; day: string; iban: string; opening: number }, cents: number, reference: string): Buffer {
  const balance = (code: string, amount: number) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${typed(Math.abs(amount))}</Amt>` +
    `<CdtDbtInd>${amount < 0 ? 'DBIT' : 'CRDT'}</CdtDbtInd><Dt><Dt>${at.day}</Dt></Dt></Bal>`;
  const entry =
    `<Ntry><Amt Ccy="EUR">${typed(cents)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>` +
    `<BookgDt><Dt>${at.day}</Dt></BookgDt><AcctSvcrRef>${at.name}-1</AcctSvcrRef><NtryDtls><TxDtls>` +
    `<RltdPties><Dbtr><Pty><Nm>Payer of ${at.name}</Nm></Pty></Dbtr></RltdPties><RmtInf><Strd><CdtrRefInf>` +
    `<Ref>${reference}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>`;
  return Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>' +
      `<GrpHdr><MsgId>${at.name}</MsgId><CreDtTm>${at.day}T23:00:00</CreDtTm></GrpHdr><Stmt><Id>${at.name}</Id>` +
      `<Acct><Id><IBAN>${at.iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>${balance('OPBD', at.opening)}` +
      `${balance('CLBD', at.opening + cents)}${entry}</Stmt></BkToCstmrStmt></Document>`,
  );
}
