import { serve } from "./serve.ts";

serve(() => ({ status: 200, body: '{"hello":"world"}' }));
