/** It is built where it is installed, with packages of its own. */
export default { turbopack: { root: import.meta.dirname }, poweredByHeader: false, agentRules: false };
