/** One attribute of a resource, in the words of RFC 7643 7; what is not said has the default that stands there. */
export type Attribute = {
  name: string;
  type: "string" | "boolean" | "complex" | "dateTime" | "reference";
  description: string;
  multiValued?: true;
  required?: true;
  caseExact?: true;
  mutability?: "readOnly" | "immutable" | "writeOnly";
  returned?: "always" | "never";
  uniqueness?: "server";
  subAttributes?: readonly Attribute[];
};

export type ResourceSchema = {
  id: string;
  name: string;
  description: string;
  attributes: readonly Attribute[];
};

export const USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";
export const ENTERPRISE_SCHEMA = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
export const GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group";

const text = (name: string, description: string, more: Partial<Attribute> = {}): Attribute => ({
  ...{ name, type: "string", description },
  ...more,
});

/** Values of one kind, of which one may be the main one. */
const several = (name: string, description: string, value: string): Attribute => ({
  ...{ name, type: "complex", description, multiValued: true },
  subAttributes: [
    text("value", value),
    text("display", "How it is shown."),
    text("type", "What it is for, such as work or home."),
    { name: "primary", type: "boolean", description: "Whether it is the main one." },
  ],
});

/** What each resource has, beside its schema (RFC 7643 3.1). */
const COMMON: readonly Attribute[] = [
  text("id", "Given by the portal.", { caseExact: true, mutability: "readOnly", returned: "always" }),
  text("externalId", "How the directory itself calls it; any text.", { caseExact: true }),
  {
    ...{
      name: "meta",
      type: "complex",
      mutability: "readOnly",
      description: "When it came to be and last changed.",
    },
    subAttributes: [
      { name: "created", type: "dateTime", description: "When it was made.", mutability: "readOnly" },
      {
        name: "lastModified",
        type: "dateTime",
        description: "When it last changed.",
        mutability: "readOnly",
      },
    ],
  },
];

const USER: ResourceSchema = {
  ...{ id: USER_SCHEMA, name: "User", description: "A member of the firm's staff" },
  attributes: [
    text("userName", "Unique in the directory, small and capital letters alike.", {
      required: true,
      uniqueness: "server",
    }),
    {
      ...{ name: "name", type: "complex", description: "The name by its parts." },
      subAttributes: [
        text("formatted", "The whole name."),
        text("familyName", "The family name."),
        text("givenName", "The given name."),
        text("middleName", "Further names."),
        text("honorificPrefix", "What stands before."),
        text("honorificSuffix", "What stands behind."),
      ],
    },
    text("displayName", "The name as people read it."),
    text("nickName", "How the person is called."),
    { name: "profileUrl", type: "reference", description: "A page about the person." },
    text("title", "The position."),
    text("userType", "How the directory sorts the person in."),
    text("preferredLanguage", "The language."),
    text("locale", "How dates and numbers are written."),
    text("timezone", "The time zone."),
    { name: "active", type: "boolean", description: "Whether the person may sign in." },
    text("password", "Taken and forgotten: who comes from a directory signs in by its provider.", {
      mutability: "writeOnly",
      returned: "never",
    }),
    several("emails", "Addresses; the main one, or the one for work, is the member's.", "An e-mail address."),
    several("phoneNumbers", "Telephone numbers.", "A telephone number."),
    {
      ...{ name: "addresses", type: "complex", description: "Postal addresses.", multiValued: true },
      subAttributes: [
        ...["formatted", "streetAddress", "locality", "region", "postalCode", "country"].map((name) =>
          text(name, "A part of the address."),
        ),
        text("type", "What it is for."),
        { name: "primary", type: "boolean", description: "Whether it is the main one." },
      ],
    },
    several("roles", "Roles; they give nothing here.", "A role."),
    {
      ...{ name: "groups", type: "complex", description: "The directory's groups that the person is in." },
      ...{ multiValued: true, mutability: "readOnly" },
      subAttributes: [
        text("value", "The id of the group.", { mutability: "readOnly" }),
        { name: "$ref", type: "reference", description: "Where the group is.", mutability: "readOnly" },
        text("display", "The name of the group.", { mutability: "readOnly" }),
      ],
    },
  ],
};

const ENTERPRISE: ResourceSchema = {
  ...{ id: ENTERPRISE_SCHEMA, name: "EnterpriseUser", description: "What a company knows of its people" },
  attributes: [
    text("employeeNumber", "The number in the company."),
    text("costCenter", "The cost centre."),
    text("organization", "The organisation."),
    text("division", "The division."),
    text("department", "The department."),
    {
      ...{ name: "manager", type: "complex", description: "Whom the person reports to." },
      subAttributes: [
        text("value", "The manager's id."),
        { name: "$ref", type: "reference", description: "Where the manager is." },
        text("displayName", "The manager's name."),
      ],
    },
  ],
};

const GROUP: ResourceSchema = {
  ...{ id: GROUP_SCHEMA, name: "Group", description: "A group of the directory" },
  attributes: [
    text("displayName", "Unique in the directory.", { required: true, uniqueness: "server" }),
    {
      ...{ name: "members", type: "complex", description: "Who is in it.", multiValued: true },
      subAttributes: [
        text("value", "The id of the user.", { mutability: "immutable" }),
        { name: "$ref", type: "reference", description: "Where the user is.", mutability: "immutable" },
        text("type", "Always User.", { mutability: "immutable" }),
        text("display", "The name of the user.", { mutability: "readOnly" }),
      ],
    },
  ],
};

export const SCHEMAS: readonly ResourceSchema[] = [USER, ENTERPRISE, GROUP];

export type ResourceKind = {
  name: "User" | "Group";
  endpoint: "Users" | "Groups";
  schema: string;
  extension?: string;
};

export const USER_KIND: ResourceKind = {
  ...{ name: "User", endpoint: "Users", schema: USER_SCHEMA, extension: ENTERPRISE_SCHEMA },
};

export const GROUP_KIND: ResourceKind = { name: "Group", endpoint: "Groups", schema: GROUP_SCHEMA };

/** The attributes of a kind of resource: those that all have, and its schema's own. */
export function attributesOf(kind: ResourceKind): readonly Attribute[] {
  return [...COMMON, ...extensionAttributes(kind.schema)];
}

/** Those of one schema. */
export function extensionAttributes(schema: string): readonly Attribute[] {
  return SCHEMAS.find(({ id }) => id === schema)?.attributes ?? [];
}

/** Names are the same in small and capital letters (RFC 7643 2.1). */
export function named(attributes: readonly Attribute[], name: string): Attribute | undefined {
  const wanted = name.toLowerCase();
  return attributes.find((attribute) => attribute.name.toLowerCase() === wanted);
}
