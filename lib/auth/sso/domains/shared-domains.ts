/** Whether people of many firms have addresses directly under a domain: mail for everybody, or a registry's own suffix. */
export function isShared(domain: string): boolean {
  const [first = "", ...rest] = domain.split(".");
  return MAIL_FOR_EVERYBODY.has(domain) || FAMILIES.test(`${first}.`) || isSuffix(first, rest);
}

/** Nobody registers `co.uk` or `com.au`: the second label of a country's domain says what may be registered below it. */
function isSuffix(first: string, rest: string[]): boolean {
  const [country = ""] = rest;
  if (rest.length !== 1) return false;
  return country.length === 2 && SECOND_LEVELS.has(first);
}

const SECOND_LEVELS = new Set([
  ...["ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "gv", "info", "int", "ltd", "me", "mil", "ne"],
  ...["net", "nhs", "nom", "or", "org", "plc", "police", "sch", "web"],
]);

/** Providers with the same name in many countries: no firm's own domain begins so. */
const FAMILIES = /^(?:gmail|googlemail|gmx|hotmail|live|msn|outlook|yahoo|ymail|yandex|protonmail)\.$/;

const MAIL_FOR_EVERYBODY = new Set([
  ...[
    "aim.com",
    "aol.com",
    "att.net",
    "bellsouth.net",
    "bigpond.com",
    "bluewin.ch",
    "bol.com.br",
    "btinternet.com",
  ],
  ...[
    "comcast.net",
    "cox.net",
    "duck.com",
    "earthlink.net",
    "email.cz",
    "email.com",
    "fastmail.com",
    "fastmail.fm",
  ],
  ...["free.fr", "freenet.de", "hey.com", "icloud.com", "inbox.ru", "interia.pl", "kakao.com", "laposte.net"],
  ...[
    "libero.it",
    "list.ru",
    "mac.com",
    "mail.com",
    "mail.de",
    "mail.ru",
    "mailbox.org",
    "me.com",
    "naver.com",
  ],
  ...[
    "o2.pl",
    "onet.pl",
    "onmicrosoft.com",
    "op.pl",
    "orange.fr",
    "pm.me",
    "posteo.de",
    "privaterelay.appleid.com",
  ],
  ...["proton.me", "qq.com", "rambler.ru", "rediffmail.com", "rocketmail.com", "sapo.pt", "sbcglobal.net"],
  ...[
    "seznam.cz",
    "sfr.fr",
    "sky.com",
    "t-online.de",
    "tiscali.it",
    "tuta.com",
    "tutanota.com",
    "uol.com.br",
  ],
  ...[
    "verizon.net",
    "virgilio.it",
    "virginmedia.com",
    "vodafone.de",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "zoho.com",
  ],
  ...["ziggo.nl", "126.com", "163.com", "139.com", "foxmail.com", "sina.com", "sohu.com"],
]);
