import type { ServerResponse } from "node:http";
import type { KeptPage, PageCache } from "./page-cache.ts";

/** What has come of it: a page for all, or one that was its visitor's alone. Nothing, where the visitor has gone before. */
type End = { page: KeptPage | undefined } | undefined;

type Asking = {
  key: string;
  response: ServerResponse;
  /** Makes the page. What is not for all it sends by itself, and gives undefined. */
  make: () => Promise<KeptPage | undefined>;
};

/**
 * Lets one visitor's page serve all who ask for it under the same key, also while it is being made: the first has it made, the
 * others wait. Whether it is for all is known only then; whoever has waited for what was somebody's alone has it made as well.
 * What is under way is never more than there are open requests.
 */
export function makeSharedPages(cache: PageCache) {
  const underWay = new Map<string, Promise<End>>();

  const lead = ({ key, response, make }: Asking) => {
    const making = make();
    const end = Promise.race<End>([
      making.then(
        (page) => ({ page }),
        () => ({ page: undefined }),
      ),
      // Nothing more may come for a visitor who has gone.
      new Promise((resolve) => response.once("close", () => resolve(undefined))),
    ]);
    const ended = end.finally(() => underWay.delete(key));
    underWay.set(key, ended);
    return making;
  };

  const sharedPage = async (asking: Asking): Promise<KeptPage | undefined> => {
    const { key, response, make } = asking;
    // It will not say a second time that it has been closed.
    if (response.closed) return undefined;
    const kept = cache.find(key, performance.now());
    const others = kept ? undefined : underWay.get(key);
    if (!others) return kept ?? lead(asking);
    const end = await others;
    return end ? (end.page ?? make()) : sharedPage(asking);
  };
  return sharedPage;
}
