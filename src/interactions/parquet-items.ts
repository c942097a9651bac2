import { DataError } from "../base/errors.ts";
import { columnIndex } from "./columns.ts";
import { itemTaker } from "./item-taker.ts";
import type { InteractionSink } from "./source.ts";
import type { RowReader } from "./table.ts";
