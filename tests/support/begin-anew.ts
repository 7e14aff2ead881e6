import { beginAnew } from "./settings.ts";

beginAnew();
