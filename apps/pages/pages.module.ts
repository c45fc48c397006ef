/** The web pages as a Nest module: rendered here first, live in the browser after. Needs `Desk`'s module beside it. */
import { type DynamicModule, Module } from '@nestjs/common';
import { Desk } from '../api/index.ts';
import { BUILT_PAGES, type BuiltPages } from './built-pages.ts';
import { KeptPages } from './kept-pages.ts';
import { PageAnswers } from './page-answers.ts';
import { ReadPages } from './read-pages.ts';

@Module({})
export class PagesModule {
  static of(built: BuiltPages): DynamicModule {
    return {
      module: PagesModule,
      controllers: [ReadPages],
      providers: [Desk, KeptPages, PageAnswers, { provide: BUILT_PAGES, useValue: built }],
    };
  }
}
