import { type Listening, listen } from "#db/listen.ts";
import { env } from "#lib/core/env.ts";
import { log } from "#lib/core/log.ts";
import { beginFirmCacheAnew, forgetFirm } from "./firm-cache.ts";

/** The channel on which the database names the firms that have changed. */
const CHANNEL = "firm_changed";

/**
 * Keeps firms in this process from here on, as long as the database tells of their changes. Where it cannot, each request
 * looks its firm up, and the log says what to do about it.
 */
export function hearOfChanges(): Listening {
  const url = env().DATABASE_DIRECT_URL;
  if (!url) {
    log().warn(`DATABASE_DIRECT_URL is not set, so ${CONSEQUENCE}`);
    return { stop: async () => undefined };
  }
  let isSilent = false;
  return listen(url, CHANNEL, {
    opened() {
      beginFirmCacheAnew({ isTold: true });
      if (isSilent) log().info("The database tells of changes to firms again.");
      isSilent = false;
    },
    heard: forgetFirm,
    lost(reason) {
      beginFirmCacheAnew({ isTold: false });
      if (!isSilent) log().warn({ err: reason }, `The database does not tell of changes, so ${CONSEQUENCE}`);
      isSilent = true;
    },
  });
}

const CONSEQUENCE =
  "each request looks its firm up. The portal works, and costs more. Let DATABASE_DIRECT_URL lead to PostgreSQL itself, " +
  "past any pooler.";
