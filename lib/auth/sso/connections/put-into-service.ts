import { eq } from "drizzle-orm";
import { connections } from "#db/schema/connections.ts";
import { command } from "#lib/core/command.ts";
import { conflict } from "#lib/core/errors.ts";
import { endWhatItOpened } from "./end-what-it-opened.ts";
import { configurationsOf, lockUsedConnection } from "./find-connection.ts";
import { PutIntoServiceInput } from "./input.ts";
import { putDraftInPlace } from "./switch-configuration.ts";

/**
 * Lets a draft sign people in, once a test sign-in has come through with exactly that draft (G4). What served before goes
 * on beside it for a day. Where it is compromised it ends at once, with all that it has opened (DEC19).
 * @throws DomainError not_found, invalid, conflict
 */
export const putIntoService = command({
  event: "connection.put_into_service",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: PutIntoServiceInput,
  async run({ db, ctx }, { connectionId, configurationId, compromised }) {
    const connection = await lockUsedConnection(db, connectionId);
    const { draft, serving } = await configurationsOf(db, connectionId);
    if (draft?.id !== configurationId) throw conflict("configurationId", ANOTHER_DRAFT);
    if (draft.testedAt === null) throw conflict("configurationId", NOT_TESTED);
    await putDraftInPlace(db, ctx.now, { connectionId, draft, compromised });
    if (connection.state !== "live") {
      await db.update(connections).set({ state: "live" }).where(eq(connections.id, connectionId));
    }
    const ended = serving && compromised ? await endWhatItOpened(db, ctx.now, serving) : {};
    return { connectionId, configurationId, replaced: serving !== undefined, compromised, ended };
  },
  audit: ({ connectionId, configurationId, replaced, compromised, ended }) => [
    {
      event: "connection.put_into_service",
      targetId: connectionId,
      detail: { configuration: configurationId, ...(replaced && { compromised }), ...ended },
    },
  ],
});

const ANOTHER_DRAFT = "The draft has been changed since you saw it. Look at it again, and test it.";

const NOT_TESTED = "A test sign-in has to come through with this draft first.";
