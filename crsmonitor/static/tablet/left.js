// @ts-check
// The tablet is nobody's any more: keys and ward go.

import { leave } from "./store.js";

await leave();
