/** The page as a person uses it: by roles and names. */
import { expect, type Locator, type Page } from '@playwright/test';
import { PolicyWatch } from '../../tools/audit/policyWatch.mjs';

/** Looking at a photo takes seconds on a small machine. */
const PATIENCE_MS = 60_000;

export class App {
  readonly page: Page;
  readonly #errors: string[] = [];
  readonly #policy: PolicyWatch;

  constructor(page: Page) {
    this.page = page;
    this.#policy = new PolicyWatch(page.context());
    page.on('pageerror', (error) => this.#errors.push(error.message));
    page.on('crash', () => this.#errors.push('the page crashed'));
  }

  static async open(page: Page): Promise<App> {
    const app = new App(page);
    await page.goto('/');
    return app;
  }

  async add(...files: Parameters<Locator['setInputFiles']>[0][]): Promise<void> {
    await this.page.getByLabel('Choose photos').setInputFiles(files.flat() as string[]);
  }

  get title(): Locator {
    return this.page.locator('#panel-title');
  }

  get panel(): Locator {
    return this.page.getByRole('region', { name: /./ }).filter({ has: this.title });
  }

  photo(name: string): Locator {
    return this.page.getByRole('option', {
      name: new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}:`),
    });
  }

  /** Waits until every photo has been looked at or refused. */
  async looked(): Promise<void> {
    await expect(this.title).not.toHaveText(/One moment|Not looked at yet/, { timeout: PATIENCE_MS });
    await expect(this.page.getByRole('option', { name: /not looked at yet$/ })).toHaveCount(0, {
      timeout: PATIENCE_MS,
    });
  }

  async openEyes(): Promise<void> {
    await this.page.getByRole('button', { name: /^Open the eyes/ }).click();
    await expect(this.page.getByRole('progressbar')).toHaveCount(0, { timeout: PATIENCE_MS });
  }

  /** Saves without loss, so that bytes can be compared. @returns the path of the saved file */
  async saveAsPng(): Promise<string> {
    const actions = this.page.getByRole('region', { name: 'Actions' });
    const format = actions.getByLabel('Format');
    if (!(await format.isVisible())) await actions.locator('summary').first().click();
    await format.selectOption('png');
    const saving = this.page.waitForEvent('download');
    await this.page.getByRole('button', { name: /^Save (photo|again)$/ }).click();
    const download = await saving;
    expect(download.suggestedFilename()).toMatch(/\.png$/);
    return await download.path();
  }

  /** Nothing was thrown that nobody caught, no policy was broken, and the page still answers. */
  async isWell(): Promise<void> {
    expect(this.#errors).toEqual([]);
    expect(this.#policy.breaches).toEqual([]);
    expect(await this.page.evaluate(() => 6 * 7)).toBe(42);
  }
}
