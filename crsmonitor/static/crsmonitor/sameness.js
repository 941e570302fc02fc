// @ts-check
// What stands there becomes what it should be, and only where it differs is it written: all else is not laid out again,
// and is not read out again either.

/**
 * @param {Element} there
 * @param {ParentNode} wanted  its children are taken
 */
export function become(there, wanted) {
  const [old, next] = [[...there.childNodes], [...wanted.childNodes]];
  for (const [place, node] of next.entries()) {
    const before = old[place];
    if (!before) there.append(node);
    else if (!before.isEqualNode(node)) change(before, node);
  }
  for (const left of old.slice(next.length)) left.remove();
}

/**
 * @param {ChildNode} before
 * @param {ChildNode} node
 */
function change(before, node) {
  if (before instanceof Text && node instanceof Text) before.data = node.data;
  else if (before instanceof Element && node instanceof Element && before.nodeName === node.nodeName) {
    for (const { name } of [...before.attributes]) if (!node.hasAttribute(name)) before.removeAttribute(name);
    for (const { name, value } of node.attributes) {
      if (before.getAttribute(name) !== value) before.setAttribute(name, value);
    }
    become(before, node);
  } else before.replaceWith(node);
}
