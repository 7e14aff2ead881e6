/** What happened, as a sentence, and what somebody wished for whom it was refused. What is only read is recorded when it is refused. */
type Words = { done?: string; wish: string };

export type EventGroup = { id: string; label: string; events: Record<string, Words> };

const did = (done: string, wish: string): Words => ({ done, wish });
const read = (wish: string): Words => ({ wish });

/** Everything that the audit log can say, by what it is about. */
export const EVENT_GROUPS: readonly EventGroup[] = [
  {
    id: "sign_ins",
    label: "Sign-ins and sessions",
    events: {
      sign_in: did("Somebody signed in", "sign in"),
      "session.started": did("A session was started", "start a session"),
      "session.ended": did("A session was ended", "end a session"),
      "sessions.ended": did("Somebody ended their own sessions", "end their own sessions"),
      "member_session.ended": did("A session of somebody was ended", "end a session of somebody"),
      "member_sessions.ended": did("Somebody was signed out everywhere", "sign somebody out everywhere"),
      "own_sessions.listed": read("see where they are signed in"),
      "member_sessions.listed": read("see where somebody is signed in"),
      "browser.forgotten": did("A remembered browser was forgotten", "forget a remembered browser"),
      "browsers.forgotten": did("All remembered browsers were forgotten", "forget all remembered browsers"),
      "member_browsers.forgotten": did(
        "Somebody’s remembered browsers were forgotten",
        "forget somebody’s remembered browsers",
      ),
      "session.token_reused": did(
        "Alarm: a session was used in two places, and was ended",
        "use a session that was copied",
      ),
      "session.read": read("ask what a session is worth"),
      session: read("use a session"),
      step_up: did("Somebody confirmed that it was them", "confirm that it is them"),
      "step_up.proven": did("Somebody confirmed that it was them", "confirm that it is them"),
      "step_up.described": read("see what they have to confirm"),
      api_token: read("use an API token"),
      api_request: read("ask the API for something"),
      "api_token.generated": did("An API token was generated", "generate an API token"),
      "api_token.revoked": did("An API token was revoked", "revoke an API token"),
      "api_token.read": read("see an API token"),
      "api_token.looked_for": read("look for an API token"),
      "api_tokens.listed": read("see the API tokens"),
      "api_token_owners.searched": read("search whose API token it is"),
      "account.unlocked": did("The account was unlocked", "unlock an account"),
      "account.frozen": did("The account was frozen: “this wasn’t me”", "freeze an account"),
      "account.unfrozen": did("A frozen account was opened again", "open a frozen account"),
      "freeze.opened": read("open the link of a notice"),
      "places.listed": read("see where one can go from here"),
      "firm.linked": did("The account was linked with one of another firm", "link two accounts"),
      "firm.unlinked": did("The link with another firm was ended", "end the link with another firm"),
      "firm_link.requested": did("A link with another firm was asked for", "ask for a link"),
      "firm_link.offered": did("A link with another firm was offered", "offer a link"),
      "firm_link.recorded": did("A link with another firm was recorded", "record a link"),
      "firm_link.opened": read("open the link that links two accounts"),
      "linked_firms.listed": read("see the linked firms"),
    },
  },
  {
    id: "passwords",
    label: "Passwords and recovery",
    events: {
      "password.change": did("A new password was chosen", "choose a new password"),
      "password.changed": did("The password was changed", "change a password"),
      "password.set": did("A password was set for somebody", "set a password for somebody"),
      "password.expiry_read": read("ask when the password expires"),
      "password.expiry_warned": did("A warning of the password’s expiry was sent", "warn of an expiry"),
      "password.looked_up": read("ask how they sign in"),
      "password_rules.read": read("see the rules for passwords"),
      "password_rules.read_as_duty": read("see the rules for a password that has to be changed"),
      "password_reset.requested": did("A reset of the password was asked for", "ask for a reset"),
      "password_reset.described": did("The reset of a name was asked about", "ask where a reset would go"),
      "password_reset.sent": did("A reset of the password was sent by the firm", "send somebody a reset"),
      "password_reset.undone": did("A reset was taken back before it left", "take a reset back"),
      "password_reset.completed": did("The password was reset by e-mail", "reset a password"),
      "username.requested": did("The username was asked for", "ask for a username"),
      "link.opened": read("open a mailed link"),
      "recovery_profile.described": read("see how passwords are reset"),
      "recovery_hold.opened": read("open the link that stops a new address"),
      "recovery.requested": did("Help was asked for, without a mailbox", "ask the firm for help"),
      "recovery.listed": read("see the requests for help"),
      "recovery.read": read("see a request for help"),
      "recovery.searched": read("search whose request it is"),
      "recovery.opened": did("A new address was found to be needed", "ask for a new address for somebody"),
      "recovery.proposed": did("A new address was proposed", "propose a new address"),
      "recovery.approved": did("A proposed address was approved", "approve a new address"),
      "recovery.withdrawn": did("A proposed address was withdrawn", "withdraw a new address"),
      "recovery.declined": did("A request for help was declined", "decline a request for help"),
      "recovery.postponed": did("A new address was put off", "put a new address off"),
      "recovery.cancelled": did("A new address was stopped", "stop a new address"),
      "recovery.applied": did("A new address took effect", "apply a new address"),
      "second_factor.unreadable": did(
        "A second factor cannot be read: its key is gone",
        "read a second factor",
      ),
    },
  },
  {
    id: "second_factors",
    label: "Second factors",
    events: {
      second_factor: did("A second factor was proven", "prove a second factor"),
      "second_factors.read": read("see their second factors"),
      "second_factors.looked_for": read("ask whether second factors are for them"),
      "begun_app.read": read("see the authenticator app that they began with"),
      "factor_duty.read": read("see what second factor they owe"),
      "authenticator_app.begun": did(
        "The set-up of an authenticator app was begun",
        "begin with an authenticator app",
      ),
      "authenticator_app.begun_as_duty": did(
        "The set-up of an authenticator app was begun at a sign-in",
        "begin with an authenticator app at a sign-in",
      ),
      "authenticator_app.confirmed_as_duty": did(
        "An authenticator app was set up at a sign-in",
        "set up an authenticator app at a sign-in",
      ),
      "authenticator_app.confirmed": did("An authenticator app was set up", "set up an authenticator app"),
      "authenticator_app.removed": did("An authenticator app was removed", "remove an authenticator app"),
      "recovery_codes.made": did("New recovery codes were made", "make new recovery codes"),
      "second_factor.proven_by_passkey": did("A passkey was proven as second factor", "prove a passkey"),
      "passkey.asked_for": read("add a passkey"),
      "passkey.asked_for_as_duty": read("add a passkey that is asked for"),
      "passkey.asked_for_as_second_factor": read("be asked for a passkey"),
      "passkey.asked_for_sign_in": read("be asked for a passkey to sign in"),
      "passkey.registered": did("A passkey was added", "add a passkey"),
      "passkey.registered_as_duty": did("A passkey was added at sign-in", "add a passkey at sign-in"),
      "passkey.renamed": did("A passkey was renamed", "rename a passkey"),
      "passkey.removed": did("A passkey was removed", "remove a passkey"),
      "passkey.suspected": did("A passkey was found to be a copy, and is refused", "use a copied passkey"),
      "passkeys.listed": read("see their passkeys"),
      "passkey_offer.read": read("be offered a passkey"),
      "notices.read": read("see what they are told at the top of a page"),
      "passkey_offer.declined": did("A passkey was offered and declined", "decline a passkey"),
      "lost_device.read": read("see what to do without the device"),
      "lost_device.opened": read("open the link that confirms a loss"),
      "factor_hold.opened": read("open the link that keeps the second factors"),
      "factor_hold.looked_for": read("see whether one’s second factors are about to be taken away"),
      "factor_reset.requested": did(
        "Second factors were said to be lost",
        "say that second factors are lost",
      ),
      "factor_reset.held": did("The loss of second factors was confirmed by e-mail", "confirm a loss"),
      "factor_reset.postponed": did("Taking second factors away was put off", "put it off"),
      "factor_reset.cancelled": did("Second factors that were said to be lost stay", "keep second factors"),
      "factor_reset.stopped": did("Second factors were kept by the firm", "keep somebody’s second factors"),
      "factor_reset.applied": did("Lost second factors were taken away", "take lost second factors away"),
      "second_factors.reset": did("Second factors were taken away by the firm", "take second factors away"),
      "suspect_factors.taken": did(
        "Second factors were taken away that somebody else may have added",
        "take away what somebody else may have added",
      ),
      "member_factors.read": read("see somebody’s second factors"),
      "recovery_code.used": did("A recovery code was used", "use a recovery code"),
    },
  },
  {
    id: "people",
    label: "Members and contacts",
    events: {
      "members.listed": read("see the list of members"),
      "contacts.listed": read("see the list of contacts"),
      "member_profile.read": read("see somebody’s record"),
      "member_security.read": read("see somebody’s security"),
      "member_security.changed": did("Somebody’s security was changed", "change somebody’s security"),
      "member.invited": did("A member was invited", "invite a member"),
      "invitation.accepted": did("An invitation was accepted", "accept an invitation"),
      "member.created": did("An account was added", "add an account"),
      "member.changed": did("Somebody’s record was changed", "change somebody’s record"),
      "member.deleted": did("Somebody was deleted", "delete somebody"),
      "member.restored": did("Somebody deleted was restored", "restore somebody deleted"),
      "member.erased": did("Somebody deleted was erased", "erase what is kept about somebody"),
      "member.access_set": did("Somebody’s access was switched", "switch somebody’s access"),
      "member_record.read": read("see somebody’s record for a change"),
      "member_kind.read": read("see what kind of account it is"),
      "new_member.described": read("see what a new account can be"),
      "deleted_member.read": read("see somebody deleted"),
      "member_data.exported": did("What is kept about somebody was taken away", "take a person’s data away"),
      "people.exported": did("A list of people was taken away", "take a list of people away"),
      "people.read": read("take a part of a list of people away"),
      "import.uploaded": did("A file of people was uploaded", "upload a file of people"),
      "import.checked": did("A file of people was checked", "check a file of people"),
      "import.started": did("An import of people was started", "import people"),
      "import.finished": did("An import of people was finished", "finish an import of people"),
      "import.reopened": did("An import of people was opened again", "open an import again"),
      "import.cancelled": did("An import of people was cancelled", "cancel an import of people"),
      "import.problems_exported": did("The problems of an import were taken away", "take problems away"),
      "import.read": read("see an import of people"),
      "imports.listed": read("see the imports of people"),
      "invitation.opened": did("The page of an invitation was opened", "open an invitation"),
      "invitation.extended": did("An invitation was extended", "extend an invitation"),
      "invitation.revoked": did("An invitation was taken back", "take an invitation back"),
      "invitations.listed": read("see the list of invitations"),
      "sign_in.explained": read("see why somebody cannot sign in"),
      "credentials.sent": did("Credentials were sent", "send credentials"),
      "batch.prepared": did("A batch of credentials was prepared", "prepare a batch of credentials"),
      "batch.confirmed": did("A batch of credentials was sent off", "send a batch of credentials"),
      "batch.cancelled": did("A batch of credentials was cancelled", "cancel a batch of credentials"),
      "batch.exported": did("The results of a batch were taken away", "take the results of a batch away"),
      "batch.read": read("see a batch of credentials"),
      "own_profile.read": read("see their own profile"),
      "own_profile.changed": did("Somebody changed their own profile", "change their own profile"),
      "email_change.requested": did("A new e-mail address was asked for", "ask for a new e-mail address"),
      "email_change.confirmed": did("A new e-mail address was confirmed", "confirm a new e-mail address"),
      "email_change.undone": did("A new e-mail address was undone", "undo a new e-mail address"),
      "email_change.opened": read("open the link of a new e-mail address"),
      "email_undo.opened": read("open the link that undoes a new e-mail address"),
    },
  },
  {
    id: "clients",
    label: "Clients and workspaces",
    events: {
      "clients.listed": read("see the list of clients"),
      "client_contacts.listed": read("see the contacts of a client"),
      "client.read": read("see a client"),
      "new_client.described": read("create a client"),
      "client.created": did("A client was created", "create a client"),
      "client.changed": did("A client was renamed", "rename a client"),
      "client.deleted": did("A client was deleted", "delete a client"),
      "client.restored": did("A deleted client was restored", "restore a deleted client"),
      "client_deletion.described": read("see what the deletion of a client does"),
      "client_contact.added": did("Somebody became a contact of a client", "add a contact to a client"),
      "client_contact.removed": did(
        "Somebody is no contact of a client any more",
        "remove a contact from a client",
      ),
      "client_contact.searched": read("search contacts to add to a client"),
      "client_staff.assigned": did("Staff was assigned to a client", "assign staff to a client"),
      "client_staff.unassigned": did("Staff was taken off a client", "take staff off a client"),
      "client_staff.searched": read("search staff to assign to a client"),
      "workspaces.listed": read("see the workspaces"),
      "workspace.read": read("enter a workspace"),
    },
  },
  {
    id: "sso_enforcement",
    label: "SSO as the only way in, and break-glass",
    events: {
      "sso.enforced": did("SSO was made the only way in", "make SSO the only way in"),
      "sso.lifted": did("SSO is not the only way in any more", "let people in without SSO again"),
      "sso_enforcement.read": read("see who gets in by SSO alone"),
      "sso_enforcement.counted": read("see how many SSO as the only way in would keep out"),
      "break_glass.proposed": did(
        "Break-glass was proposed for somebody",
        "propose break-glass for somebody",
      ),
      "break_glass.armed": did("Break-glass was armed for somebody", "arm break-glass for somebody"),
      "break_glass.used": did("Somebody came in by break-glass", "come in by break-glass"),
      "break_glass.ended": did("Break-glass of somebody was ended", "end break-glass of somebody"),
      "break_glass.listed": read("see who has break-glass"),
      "break_glass_alarm.read": read("see whether break-glass is armed"),
    },
  },
  {
    id: "settings",
    label: "The firm and its settings",
    events: {
      "firm.created": did("The firm was created", "create the firm"),
      "firm.enabled": did("The firm was enabled", "enable the firm"),
      "firm.disabled": did("The firm was disabled", "disable the firm"),
      "firm_settings.read": read("see the firm’s settings"),
      "firm_settings.changed": did("The firm’s settings were changed", "change the firm’s settings"),
      "group.created": did("A security group was created", "create a security group"),
      "group.changed": did("A security group was changed", "change a security group"),
      "group.deleted": did("A security group was deleted", "delete a security group"),
      "group.read": read("see a security group"),
      "groups.listed": read("see the security groups"),
      "group_calendar.read": read("see the days of the firm's calendar"),
      "group_change.previewed": read("see what another security group would do"),
      "security_contact.described": read("see whom to tell of a hole"),
      "support.described": read("see whom to turn to"),
      "security_options.listed": read("see the security options"),
      "security_options.read": read("see a version of the security options"),
      "security_options.simulated": read("see what other security options would do"),
      "security_options.changed": did("The security options were changed", "change the security options"),
      "security_options.restored": did("Earlier security options were restored", "restore security options"),
    },
  },
  {
    id: "sso",
    label: "Single sign-on",
    events: {
      sso: did("A provider’s answer was accepted", "sign in by what the provider sent"),
      "sso.start": read("leave for an identity provider"),
      "sso.tested": did("A test sign-in came through", "test a sign-in"),
      "sso.link_asked": did(
        "Somebody whom the provider knows was asked which account is theirs",
        "say which account is theirs",
      ),
      "sso.link_opened": read("see which account they may link"),
      "sso.link": did("An account was linked to a person at the provider", "link an account to a provider"),
      "sign_in.opened": read("see how one signs in"),
      "sign_in.chosen": read("choose a provider to sign in by"),
      "sign_in.named": read("say who wants to sign in"),
      service_provider: read("read what we are to a SAML provider"),
      "member.federated": did(
        "The account is opened by the provider from now on",
        "open an account by a provider",
      ),
      "member.unlinked": did("Single sign-on ended for the account", "end single sign-on for an account"),
      "member.group_mapped": did(
        "The provider’s groups gave the account another security group",
        "map a group",
      ),
      "member.group_kept": did(
        "The last Administrator stayed one, whatever the provider said",
        "take the last Administrator’s group away",
      ),
      "connection.secret_unreadable": did(
        "The secret of a connection can no longer be read",
        "read the secret of a connection",
      ),
      "sso.logout": did("A provider’s logout ended sessions", "end sessions for a provider"),
      "connections.listed": read("see the connections"),
      "connection.read": read("see a connection"),
      "connection.created": did("A connection was begun", "begin a connection"),
      "connection.changed": did("A connection was changed", "change a connection"),
      "connection.draft_saved": did("The draft of a connection was saved", "save a connection’s draft"),
      "connection.draft_discarded": did(
        "The draft of a connection was thrown away",
        "throw a connection’s draft away",
      ),
      "connection.checked": did("The draft of a connection was checked", "check a connection’s draft"),
      "connection.test_begun": did("A test sign-in was begun", "begin a test sign-in"),
      "connection.test_read": read("see what a test sign-in brought"),
      "connection.put_into_service": did(
        "New settings of a connection were put into service",
        "put a connection’s draft into service",
      ),
      "connection.rolled_back": did(
        "A connection went back to its earlier settings",
        "go back to earlier settings",
      ),
      "connection.retired": did("A connection was retired", "retire a connection"),
      "group_rule.added": did("A rule for groups was added", "add a rule for groups"),
      "group_rule.moved": did("A rule for groups was moved", "move a rule for groups"),
      "group_rule.removed": did("A rule for groups was removed", "remove a rule for groups"),
      "group_mapping.previewed": read("see which security group the provider’s groups give"),
      "domain.added": did("A domain was added", "add a domain"),
      "domain.proven": did("A domain was proven", "prove a domain"),
      "domain.unproven": did("A domain is not proven any more", "end the proof of a domain"),
      "domain.removed": did("A domain was removed", "remove a domain"),
      "setup_link.sent": did("A set-up link was sent", "send a set-up link"),
      "setup_link.revoked": did("A set-up link was ended", "end a set-up link"),
      "setup_link.opened": did("A set-up link was opened", "open a set-up link"),
      "setup_link.used": did("A draft was saved by a set-up link", "save a draft by a set-up link"),
      "certificate.warned": did(
        "The administrators were told of a certificate that ends",
        "tell of a certificate that ends",
      ),
    },
  },
  {
    id: "directories",
    label: "Directory sync",
    events: {
      directory: read("use a token of directory sync"),
      "directories.listed": read("see how directories are synced"),
      "scim_token.generated": did(
        "A token for a directory was generated",
        "generate a token for a directory",
      ),
      "scim_token.revoked": did("A token of a directory was revoked", "revoke a token of a directory"),
      "directory_user.created": did("A directory made an account", "make an account by a directory"),
      "directory_user.changed": did(
        "A directory changed what it knows of somebody",
        "change a user by a directory",
      ),
      "directory_user.replaced": did("A directory wrote a user anew", "write a user of a directory anew"),
      "directory_user.patched": did("A directory changed a user", "change a user of a directory"),
      "directory_user.deleted": did("A directory deleted an account", "delete an account by a directory"),
      "directory_user.read": read("see a user of a directory"),
      "directory_users.listed": read("see the users of a directory"),
      "directory_group.created": did("A directory made a group", "make a group of a directory"),
      "directory_group.changed": did("A group of a directory was changed", "change a group of a directory"),
      "directory_group.replaced": did("A directory wrote a group anew", "write a group of a directory anew"),
      "directory_group.patched": did(
        "A directory changed a group",
        "change who is in a group of a directory",
      ),
      "directory_group.deleted": did("A directory deleted a group", "delete a group of a directory"),
      "directory_group.read": read("see a group of a directory"),
      "directory_groups.listed": read("see the groups of a directory"),
    },
  },
  {
    id: "mail",
    label: "E-mail",
    events: {
      "secret.minted": did("The secret of an e-mail was made", "make the secret of an e-mail"),
      "mail.sent": did("An e-mail was sent", "send an e-mail"),
      "mail.failed": did("An e-mail could not be delivered", "deliver an e-mail"),
      "mail.suppressed": did("An e-mail was not sent", "hold an e-mail back"),
    },
  },
  {
    id: "reports",
    label: "Reports and the audit log",
    events: {
      "access_report.read": read("see the access report"),
      "access_report.page_exported": read("take a part of the access report away"),
      "report.exported": did("A report was taken away", "take a report away"),
      "audit_log.read": read("read the audit log"),
      "audit_log.member_read": read("read the audit log of one person"),
      "audit_log.page_exported": read("take a part of the audit log away"),
      "audit_log.exported": did("The audit log was taken away", "take the audit log away"),
    },
  },
];

const REFUSED = ".refused";

const WORDS = new Map(EVENT_GROUPS.flatMap(({ events }) => Object.entries(events)));

export function isRefused(event: string): boolean {
  return event.endsWith(REFUSED);
}

/** An event as a sentence. */
export function sayEvent(event: string): string {
  const name = isRefused(event) ? event.slice(0, -REFUSED.length) : event;
  const { done, wish } = WORDS.get(name) ?? {};
  if (isRefused(event)) return `Refused: ${wish ?? inWords(name)}`;
  return done ?? capital(wish ?? inWords(name));
}

/** Whether an event has words of its own. */
export function hasWords(event: string): boolean {
  return WORDS.has(isRefused(event) ? event.slice(0, -REFUSED.length) : event);
}

/** The names of the events of a group, or of one event, with those of their refusals. */
export function eventsOf(wanted: string): string[] {
  const group = EVENT_GROUPS.find(({ id }) => id === wanted);
  const names = group ? Object.keys(group.events) : [wanted];
  return names.flatMap((name) => (isRefused(name) ? [name] : [name, `${name}${REFUSED}`]));
}

/** `passwordResetSent`, `too_many_mails`: a name of ours as people read it. */
export function inWords(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/[._]/g, " ")
    .toLowerCase();
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
