import { serve } from '../src/rpc/serve';
import { createPhotoEngine } from './photo/engine';

serve(createPhotoEngine());
