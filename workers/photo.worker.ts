import { serve } from '../src/rpc/serve';

serve({});
