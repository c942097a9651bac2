import type { ChecklistLine } from "../checklist.ts";
import type { InspectedEvidence } from "../inspect.ts";
import type { Author } from "../readme.ts";
import type { EvidenceCheck } from "../summary.ts";
import { driftSection } from "./drift.ts";
import { experimentSection } from "./experiment.ts";
import { figures, type PdfDefinition } from "./node.ts";
import { availabilitySection, checklistSection, modelsSection, provenanceSection } from "./sections.ts";

export interface PdfParts {
  readonly evidence: InspectedEvidence;
  readonly checks: readonly EvidenceCheck[];
  readonly lines: readonly ChecklistLine[];
  readonly author: Author;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const INK = "#221c16";
const SOFT = "#665b4f";
const ACCENT = "#8f2d1f";

const STYLES = {
  title: { fontSize: 26, bold: true, color: ACCENT, margin: [0, 40, 0, 4] },
  lead: { fontSize: 11, color: SOFT, margin: [0, 0, 0, 16] },
  heading: { fontSize: 18, bold: true, color: ACCENT, margin: [0, 0, 0, 8] },
  subheading: { fontSize: 12, bold: true, margin: [0, 12, 0, 4] },
  paragraph: { margin: [0, 2, 0, 6] },
  caption: { fontSize: 8, color: SOFT, margin: [0, 2, 0, 8] },
  absent: { italics: true, color: SOFT, margin: [0, 4, 0, 8] },
  table: { fontSize: 8.5, margin: [0, 4, 0, 8] },
  tableHead: { bold: true, color: SOFT },
  soft: { color: SOFT },
};

/** The whole document. Every section is there; what is not in the evidence is named with the reason. */
export async function pdfDocument({ evidence, checks, lines, author, now }: PdfParts): Promise<PdfDefinition> {
  const { summary } = evidence;
  const sections = [
    await availabilitySection(evidence),
    await modelsSection(evidence),
    provenanceSection(evidence, checks),
    await experimentSection(summary.experiment),
    await driftSection(summary.drift),
    checklistSection(lines),
  ];
  return {
    info: { title: "Reprise: deliverables", author: author.team ?? "Reprise", creationDate: new Date(now) },
    pageSize: "A4",
    pageMargins: [48, 48, 48, 48],
    defaultStyle: { font: "Roboto", fontSize: 9.5, color: INK, lineHeight: 1.15 },
    styles: STYLES,
    footer: (page: number, pages: number) => ({
      text: `${page} of ${pages}`,
      alignment: "center",
      fontSize: 8,
      color: SOFT,
    }),
    content: [
      { text: "Deliverables", style: "title" },
      { text: "Reprise, a movie recommender whose every answer can be computed again", style: "lead" },
      figures([
        ["team", author.team ?? "not given"],
        ["contact", author.contact ?? "not given"],
        ["date of submission", summary.submission_date],
        ["evidence collected", summary.generated_at],
        ["commit", summary.git_sha ?? "not known"],
      ]),
      { toc: { title: { text: "Contents", style: "heading", margin: [0, 24, 0, 8] } } },
      ...sections.map((section) => ({ stack: section, pageBreak: "before" })),
    ],
  };
}
