/** The file name of the built panel, put in by the build. */
declare const __PANEL__: string;

/** The file of each other language. */
declare const __WORDS__: Record<string, string>;
