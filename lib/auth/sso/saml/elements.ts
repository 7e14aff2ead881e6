import { refuse, type SamlReason } from "./refusal.ts";

const ELEMENT_NODE = 1;
const TEXT_NODE = 3;

/** The elements right below one. */
export function childrenOf(element: Element): Element[] {
  return Array.from(element.childNodes).filter((node): node is Element => node.nodeType === ELEMENT_NODE);
}

/** Those of them with this name. No prefix counts, only what it stands for. */
export function childrenNamed(element: Element, namespace: string, name: string): Element[] {
  return childrenOf(element).filter((child) => isNamed(child, namespace, name));
}

/** The one child with this name. None, or a second one, is refused. */
export function onlyChild(element: Element, namespace: string, name: string, otherwise: SamlReason): Element {
  const [child, second] = childrenNamed(element, namespace, name);
  return child && !second ? child : refuse(otherwise);
}

/** The same where it may be missing. */
export function optionalChild(
  element: Element,
  namespace: string,
  name: string,
  otherwise: SamlReason,
): Element | undefined {
  const [child, second] = childrenNamed(element, namespace, name);
  return second ? refuse(otherwise) : child;
}

export function isNamed(element: Element, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name;
}

/** Everything below one, in the order of the document. */
export function allBelow(element: Element): Element[] {
  return Array.from(element.getElementsByTagName("*"));
}

/** The whole text of an element that holds text alone (SEC79). */
export function textOf(element: Element, otherwise: SamlReason): string {
  const nodes = Array.from(element.childNodes);
  if (nodes.some((node) => node.nodeType !== TEXT_NODE)) refuse(otherwise);
  return nodes.map((node) => node.nodeValue ?? "").join("");
}

/** An attribute's value, undefined where there is none: `getAttribute` of this parser says an empty text. */
export function attributeOf(element: Element, name: string): string | undefined {
  return element.hasAttribute(name) ? (element.getAttribute(name) ?? undefined) : undefined;
}
