/** The web pages as a Nest module: rendered here first, live in the browser after. Reads what the API gives the public. */
import { type DynamicModule, Module } from '@nestjs/common';
import { ApiModule } from '../api/index.ts';
import { BUILT_PAGES, type BuiltPages } from './built-pages.ts';
import { ReadCard } from './cards/read-card.ts';
import { ReadCopy } from './copies/read-copy.ts';
import { KeptPages } from './kept-pages.ts';
import { PageAnswers } from './page-answers.ts';
import { ReadPages } from './read-pages.ts';

@Module({})
export class PagesModule {
  static of(built: BuiltPages): DynamicModule {
    return {
      module: PagesModule,
      imports: [ApiModule],
      controllers: [ReadPages, ReadCard, ReadCopy],
      providers: [KeptPages, PageAnswers, { provide: BUILT_PAGES, useValue: built }],
    };
  }
}
