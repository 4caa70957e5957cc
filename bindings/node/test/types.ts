// Never run: it compiles only while the declarations keep the promises that users rely on.

import { version } from "kentongan";

export const text: string = version();

// @ts-expect-error the version takes no argument
version(1);
