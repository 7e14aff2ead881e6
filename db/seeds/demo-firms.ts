export type DemoPerson = {
  kind: "staff" | "contact";
  name: string;
  username?: string;
  email: string;
  group: "administrator" | "regular" | "regular_no_delete" | "read_only" | "orchestration" | "contact";
};

export type DemoFirm = {
  slug: string;
  name: string;
  accent: string;
  people: DemoPerson[];
  /** Each client by name, with the e-mail addresses of its contacts. */
  clients: Record<string, string[]>;
  /** Its people come from the built-in identity provider, and no password of theirs is here. */
  signsInBy?: "demo provider";
};

/** Firms to try the portal with: one member in each security group, clients and their contacts; the last signs in by SSO. */
export const DEMO_FIRMS: DemoFirm[] = [
  {
    slug: "acme",
    name: "ACME Corporation",
    accent: "#1d4ed8",
    people: [
      {
        kind: "staff",
        name: "Ada Morgan",
        username: "ada",
        email: "ada@acme.example",
        group: "administrator",
      },
      { kind: "staff", name: "Ravi Patel", username: "ravi", email: "ravi@acme.example", group: "regular" },
      {
        kind: "staff",
        name: "Nora Lind",
        username: "nora",
        email: "nora@acme.example",
        group: "regular_no_delete",
      },
      { kind: "staff", name: "Tom Becker", username: "tom", email: "tom@acme.example", group: "read_only" },
      {
        kind: "staff",
        name: "Olga Ruiz",
        username: "olga",
        email: "olga@acme.example",
        group: "orchestration",
      },
      { kind: "contact", name: "Body Boom", email: "contact@example.com", group: "contact" },
      { kind: "contact", name: "John A. Teague", email: "john.teague@example.com", group: "contact" },
      { kind: "contact", name: "Priya Shah", email: "priya.shah@example.net", group: "contact" },
      { kind: "contact", name: "Marta Kowalska", email: "marta@kowalska.example", group: "contact" },
    ],
    clients: {
      "John A. Teague": ["contact@example.com", "john.teague@example.com"],
      "Harbor Wholesale": ["priya.shah@example.net", "contact@example.com"],
      "Kowalska Studio": ["marta@kowalska.example"],
    },
  },
  {
    slug: "globex",
    name: "Globex",
    accent: "#0f766e",
    people: [
      {
        kind: "staff",
        name: "Gina Hart",
        username: "gina",
        email: "gina@globex.example",
        group: "administrator",
      },
      {
        kind: "staff",
        name: "Ruben Vos",
        username: "ruben",
        email: "ruben@globex.example",
        group: "regular",
      },
      {
        kind: "staff",
        name: "Ines Faro",
        username: "ines",
        email: "ines@globex.example",
        group: "regular_no_delete",
      },
      { kind: "staff", name: "Leo Chan", username: "leo", email: "leo@globex.example", group: "read_only" },
      {
        kind: "staff",
        name: "Sana Aziz",
        username: "sana",
        email: "sana@globex.example",
        group: "orchestration",
      },
      { kind: "contact", name: "Body Boom", email: "contact@example.com", group: "contact" },
      { kind: "contact", name: "Elena Petrova", email: "elena@petrova.example", group: "contact" },
    ],
    clients: {
      "Petrova Imports": ["elena@petrova.example", "contact@example.com"],
      "Northwind Traders": ["contact@example.com"],
    },
  },
  {
    slug: "initech",
    name: "Initech",
    accent: "#9a3412",
    signsInBy: "demo provider",
    people: [
      {
        kind: "staff",
        name: "Ivy Stone",
        username: "ivy",
        email: "ivy@initech.example",
        group: "administrator",
      },
      { kind: "contact", name: "Karim Saleh", email: "karim@saleh.example", group: "contact" },
    ],
    clients: { "Saleh Logistics": ["karim@saleh.example"] },
  },
];
