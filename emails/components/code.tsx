import { Column, Row, Section, Text } from "react-email";
import { fonts, palette } from "#emails/components/palette.ts";

/** A code that is read aloud, typed or copied: big, and one press selects all of it. */
export function Code({ children }: { children: string }) {
  return (
    <Section className="well" style={styles.well}>
      <Row>
        <Column style={styles.cell}>
          <Text style={styles.lines}>
            <span className="muted" style={styles.label}>
              Code
            </span>
            <br />
            <span className="ink" style={styles.code}>
              {children}
            </span>
          </Text>
        </Column>
      </Row>
    </Section>
  );
}

const styles = {
  well: { backgroundColor: palette.well, borderRadius: "8px", margin: "0 0 20px" },
  cell: { padding: "14px 20px" },
  lines: { fontSize: "14px", lineHeight: "22px", margin: 0 },
  label: { color: palette.muted, fontSize: "14px", lineHeight: "22px" },
  code: {
    color: palette.ink,
    fontFamily: fonts.code,
    fontSize: "30px",
    fontWeight: 600,
    letterSpacing: "6px",
    lineHeight: "42px",
    WebkitUserSelect: "all",
    userSelect: "all",
  },
} as const;
