import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PERMISSIONS } from "#lib/access/permissions.ts";
import { filesIn } from "#tests/support/files.ts";
import { declaredUseCases } from "#tests/support/use-cases.ts";

const useCases = declaredUseCases();

const named = (permission: string) =>
  useCases
    .filter((useCase) => useCase.permission === permission)
    .map(({ name }) => name)
    .sort();

/** What needs no permission. A new one is a decision, and is written here. */
const OPEN_TO = {
  anyone: [
    "acceptInvitation",
    "agreeToFirmLink",
    "allowSsoStart",
    "askForSignIn",
    "cancelFactorReset",
    "cancelHeldAddress",
    "completeReset",
    "completeSsoSignIn",
    "confirmEmailChange",
    "confirmFactorReset",
    "describeEmailChange",
    "describeEmailUndo",
    "describeFactorHold",
    "describeFirmLink",
    "describeFreezeLink",
    "describeHold",
    "describeLink",
    "describeLinkRequest",
    "describeLossLink",
    "describeRecovery",
    "describeRecoveryProfile",
    "describeSecurityContact",
    "describeServiceProvider",
    "describeSupport",
    "endLogout",
    "endSsoFlow",
    "findConnectionOfName",
    "findSignInConnection",
    "freezeAccount",
    "listSignInConnections",
    "openInvitation",
    "openSetupLink",
    "requestHelp",
    "requestReset",
    "requestUsername",
    "saveDraftBySetupLink",
    "signInWithPasskey",
    "signInWithPassword",
    "undoEmailChange",
  ],
  pending: [
    "askForNewPasskeyAsDuty",
    "askForPasskey",
    "beginAuthenticatorAppAsDuty",
    "changePasswordAsDuty",
    "confirmAuthenticatorAppAsDuty",
    "describeFactorDuty",
    "describeLostDevice",
    "describePasswordRulesAsDuty",
    "findBegunAppAsDuty",
    "provePasskey",
    "proveSecondFactor",
    "registerPasskeyAsDuty",
    "requestFactorReset",
    "signOutPending",
  ],
  member: [
    "changeMember",
    "createMember",
    "deleteMember",
    "describeNewMember",
    "describePasswordRules",
    "explainSignIn",
    "extendInvitation",
    "getDeletedMember",
    "getMemberKind",
    "getMemberProfile",
    "getMemberRecord",
    "getOwnProfile",
    "hasOwnPassword",
    "hasSecondFactors",
    "listInvitations",
    "listLinkedFirms",
    "listMyWorkspaces",
    "listPlaces",
    "restoreMember",
    "revokeInvitation",
    "setAccess",
    "unlinkMember",
  ],
  person: [
    "askForFirmLink",
    "askForNewPasskey",
    "beginAuthenticatorApp",
    "cancelImport",
    "changeOwnPassword",
    "changeOwnProfile",
    "checkImport",
    "confirmAuthenticatorApp",
    "declinePasskey",
    "describeNotices",
    "describeSecondFactors",
    "describeStepUp",
    "endFirmLink",
    "endOneSession",
    "endOwnSessions",
    "exportImportProblems",
    "findApiToken",
    "forgetOwnBrowser",
    "forgetOwnBrowsers",
    "generateApiToken",
    "getApiToken",
    "getImport",
    "linkAccount",
    "listImports",
    "listOwnSessions",
    "listPasskeys",
    "makeNewRecoveryCodes",
    "proveStepUp",
    "registerPasskey",
    "removeAuthenticatorApp",
    "removePasskey",
    "renamePasskey",
    "reopenImport",
    "requestEmailChange",
    "revokeApiToken",
    "runImport",
    "signOut",
    "stopOwnFactorReset",
    "uploadImport",
  ],
  directory: [
    "createDirectoryGroup",
    "createDirectoryUser",
    "deleteDirectoryGroup",
    "deleteDirectoryUser",
    "listDirectoryGroups",
    "listDirectoryUsers",
    "patchDirectoryGroup",
    "patchDirectoryUser",
    "readDirectoryGroup",
    "readDirectoryUser",
    "replaceDirectoryGroup",
    "replaceDirectoryUser",
  ],
  system: ["offerFirmLink", "recordFirmLink", "unfreezeAsOperator"],
};

describe("what needs no permission is a closed list:", () => {
  test.each(Object.entries(OPEN_TO))("for %s", (requirement, list) => {
    expect(named(requirement)).toEqual(list);
  });
});

test("every use case names a permission that exists, or one of these", () => {
  const known = [...Object.keys(PERMISSIONS), ...Object.keys(OPEN_TO)];
  expect(useCases.filter(({ permission }) => !known.includes(permission))).toEqual([]);
});

test("every command and query that the sources declare is seen by these tests", () => {
  const calls = filesIn("lib", /\.tsx?$/).flatMap((module) =>
    [...readFileSync(module, "utf8").matchAll(/= (command|query)\(/g)].map(() => module),
  );
  expect(useCases.map(({ module }) => module)).toEqual(calls);
  expect(useCases.length).toBeGreaterThan(12);
});

test("whatever is hashed for somebody of a firm waits in the line of that firm (SEC63)", () => {
  const calls = filesIn("lib/auth", /\.ts$/)
    .filter((file) => file !== "lib/auth/password/hash-password.ts")
    .flatMap((file) => readFileSync(file, "utf8").match(/\b(?:hash|verify)Password\([^)]*\)/g) ?? []);
  expect(calls.length).toBeGreaterThan(6);
  for (const call of calls) expect(call).toMatch(/, (?:firm|terms\.firm|ctx\.tenant\.id)\)$/);
});

test("two use cases are recorded under one event only where the same thing happens", () => {
  const events = useCases.map(({ event }) => event);
  expect(events.filter((event, index) => events.indexOf(event) !== index)).toEqual([
    "account.unfrozen",
    "factor_reset.cancelled",
    "sign_in",
    "session.ended",
    "session.ended",
    "sign_in",
    "contacts.listed",
    "members.listed",
  ]);
});

test("an event is a subject and what happened to it; a command's is in the past", () => {
  for (const { event } of useCases) expect(event).toMatch(/^[a-z_]+(?:\.[a-z_]+)?$/);
});
