//! The functions that look for records and read many of them (crm-more, section 6). Pages are read one after the other,
//! and between them the limits of the run are looked at.

use super::ranges::{CellRanges, Place};
use super::search::{COLUMN, COLUMNS_WANTED, FoundRecord, TableWalk};
use super::wanted::{Algorithm, Wanted};
use crate::builtins;
use crate::crm::arguments::{Answered, Given};
use crate::crm::{CrmContext as _, CrmError, TableId, role};
use crate::diagnostic::{Code, Fault};
use crate::function::{CallError, CallResult, Context, Whole};
use crate::value::{Dict, Text, Value};
use crate::wording::{Message, message};

/// The most records that are returned at once.
const MOST_RECORDS: i64 = 5_000;

builtins! {
    /// Tables of the project's own: looking for records, and reading many of them.
    pub static SEARCHES: Host "tables" = {
        /// The first record of a table that holds a value: the whole record, or one value of it.
        ///
        /// The value is compared as `==` does, in one column or in all. With a column to return from it is the value there.
        /// `None` when no record holds it.
        ///
        /// ```calc
        /// find_record(701, 'Teapot', 'name', 'price') # => 20
        /// ```
        vendor fn find_record(
            context, table_id: TableId => "the table", value: Given => "the value that is looked for",
            find_in: Option<Text> as role::COLUMN = "all columns" => "the column in which it is looked for",
            return_from: Option<Text> = "None" => "the column whose value is wanted",
        ) -> Value, fails None {
            let mut walk = context.crm()?.walk(table_id)?;
            if let Some(column) = find_in.as_deref() {
                context.crm()?.check_column(&walk, column, COLUMN)?;
            }
            while !walk.is_over {
                for record in page(context, &mut walk, usize::MAX)? {
                    let session = context.crm()?;
                    let table = session.table_of(&walk);
                    let holds = match find_in.as_deref() {
                        Some(column) => table.cell(record.id, &record.cells, column).is_some_and(|cell| cell.equals(&value.0)),
                        None => record.cells.values().any(|cell| cell.equals(&value.0)),
                    };
                    if holds {
                        session.show(&walk, &record);
                        return Ok(session.table_of(&walk).answer(record.id, &record.cells, return_from.as_deref()));
                    }
                }
            }
            Ok(Value::None)
        }

        /// Records of a table, row by row.
        ///
        /// Each is a dict that begins with `ID`. Rows count the records that are still there; at most 5000 are returned.
        /// Columns go from one to another, both included. `[]` when there are none.
        ///
        /// ```calc
        /// get_records_from_table(701, 2, 1) # => [{"ID": 2, "name": "Teapot", "price": 20, "stock": 3}]
        /// ```
        vendor fn get_records_from_table(
            context, table_id: TableId => "the table", start_row: Option<Whole> = "1" => "the first row",
            count: Option<Whole> = "1000" => "how many rows",
            start_col: Option<Text> as role::COLUMN = "the first one" => "the first column",
            end_col: Option<Text> = "the last one" => "the last column",
        ) -> Vec<Value>, fails EmptyList {
            let start = start_row.map_or(1, |row| row.0);
            let count = count.map_or(1_000, |count| count.0);
            let (Ok(passed), Ok(wanted)) = (usize::try_from(start.saturating_sub(1)), usize::try_from(count.min(MOST_RECORDS))) else {
                let (parameter, number) = if start < 1 { ("start_row", start) } else { ("count", count) };
                return Err(refused(parameter, message!("row-number-refused", number = number)));
            };
            let mut walk = context.crm()?.walk(table_id)?;
            let columns = column_range(context, &walk, start_col.as_deref(), end_col.as_deref())?;
            if count > MOST_RECORDS {
                let fault = Fault::new(Code::RefusedArgument, message!("too-many-records", count = count, limit = MOST_RECORDS));
                context.notice("count", fault);
            }
            pass_over(context, &mut walk, passed)?;
            let mut rows = Vec::new();
            while !walk.is_over && rows.len() < wanted {
                for record in page(context, &mut walk, wanted - rows.len())? {
                    let session = context.crm()?;
                    session.show(&walk, &record);
                    let row = session.table_of(&walk).row_with_id(&record);
                    let is_in = |column: &Text| columns.as_ref().is_none_or(|columns| columns.contains(column));
                    let row: Dict = match &columns {
                        None => row,
                        Some(_) => {
                            row.iter().enumerate().filter(|(at, (column, _))| *at == 0 || is_in(column)).map(|(_, (column, value))| (column.clone(), value.clone())).collect()
                        }
                    };
                    rows.push(row.into());
                }
            }
            Ok(rows)
        }

        /// Cells of a table by their places, as in a spreadsheet.
        ///
        /// Letters mean columns in their order, numbers rows that are still there. What is asked for is a dict of ranges,
        /// each from one cell to another; the result has every cell of them, row by row, and `status`. What is outside of
        /// the table is `""`. When something is wrong, `status` is `False` and `err` says what.
        ///
        /// ```calc
        /// table_read_cells(701, {'a1': 'b2'}) # => {"status": true, "A1": "Mug", "B1": 5, "A2": "Teapot", "B2": 20}
        /// ```
        vendor fn table_read_cells(
            context, table_id: Answered<TableId> => "the table",
            cell_data: Answered<CellRanges> => "from which cell to which, `{'a1': 'b2'}`, or the JSON text of it",
        ) -> Dict, fails StatusFalse {
            let no = |problem: &Message| status_false("err", problem);
            let table_id = table_id.or_answer_why(&[role::TABLE], no)?;
            let ranges = cell_data.or_answer_why(&[role::CELLS], no)?;
            let mut walk = context.crm()?.walk(table_id).map_err(|error| answered("err", error))?;
            let mut places: Vec<Place> = ranges.places().collect();
            let mut found: Dict = Dict::with_capacity(places.len() + 1);
            found.insert("status".into(), true.into());
            for place in &places {
                found.insert(place.name().into(), Value::empty_text());
            }
            places.sort_unstable();
            let mut row = 0;
            let mut places = places.as_slice();
            while let Some(first) = places.first().filter(|_| !walk.is_over) {
                pass_over(context, &mut walk, first.row - row)?;
                row = first.row;
                if walk.is_over {
                    break;
                }
                // Rows that follow one another are read together.
                let last = places.iter().map(|place| place.row).fold(row, |last, next| if next <= last + 1 { next } else { last });
                for record in page(context, &mut walk, last - row + 1)? {
                    let here = places.iter().take_while(|place| place.row == row).count();
                    let (now, later) = places.split_at(here);
                    if !now.is_empty() {
                        let session = context.crm()?;
                        session.show(&walk, &record);
                        let table = session.table_of(&walk);
                        for place in now {
                            if let Some(column) = table.table.columns.get(place.column) {
                                let value = table.cell(record.id, &record.cells, column).unwrap_or_else(Value::empty_text);
                                found.insert(place.name().into(), value);
                            }
                        }
                    }
                    places = later;
                    row += 1;
                }
            }
            Ok(found)
        }

        /// The first record that has what is wanted in several columns.
        ///
        /// All columns must fit: `F` the same, `K` containing it, `R` a pattern, or a number from 1 to 100, how many per cent
        /// of the letters have to be the same. The result says how many records fit and in which rows, and has the first one.
        /// When none fits or something is wrong, `status` is `False` and `error` says why.
        ///
        /// ```calc
        /// found = find_first_record_multiple_cols_row(701, {'price': 5, 'name': 'Tea'})
        /// found['row_data'] # => {"ID": 3, "name": "Tea", "price": 5, "stock": ""}
        /// ```
        vendor fn find_first_record_multiple_cols_row(
            context, table_id: Answered<TableId> => "the table",
            column_data: Answered<Dict> as role::WANTED => "columns and what is wanted in them, or the JSON text of it",
            algorithm: Answered<Option<Algorithm>> = "'F'" => "how they are compared",
        ) -> Dict, fails StatusFalse {
            let Some(Matches { rows, first, .. }) = matches(context, table_id, column_data, algorithm, None)? else {
                return Ok(nothing_fits());
            };
            let mut answer = fits_answer(&rows);
            answer.insert("row_data".into(), first.into());
            answer.insert("row".into(), rows.first().cloned().unwrap_or_default());
            Ok(answer)
        }

        /// One value of each record that has what is wanted in several columns, as a text with a line each.
        ///
        /// Columns are compared as `find_first_record_multiple_cols_row` does. Before each value stands its number from 1 on,
        /// its row, or nothing. When none fits or something is wrong, `status` is `False` and `error` says why.
        ///
        /// ```calc
        /// found = find_records_multiple_cols_list(701, {'name': 'Tea'}, 'price', 1, ' - ')
        /// found['list'] # => 3 - 5
        /// ```
        vendor fn find_records_multiple_cols_list(
            context, table_id: Answered<TableId> => "the table",
            column_data: Answered<Dict> as role::WANTED => "columns and what is wanted in them, or the JSON text of it",
            return_col: Answered<Text> as role::COLUMN => "the column whose values are wanted",
            with_index: Option<Whole> = "no numbers" => "0: numbers from 1 on; 1: rows",
            delimiter: Option<Text> = "' '" => "what stands between number and value",
            algorithm: Answered<Option<Algorithm>> = "'F'" => "how they are compared",
        ) -> Dict, fails StatusFalse {
            let column = return_col.or_answer_why(COLUMN, |problem| status_false("error", problem))?;
            let numbers = with_index.map(|index| index.0 != 0);
            let list = ListForm { column, numbers, delimiter: delimiter.unwrap_or_else(|| " ".into()) };
            let Some(Matches { rows, list, .. }) = matches(context, table_id, column_data, algorithm, Some(&list))? else {
                return Ok(nothing_fits());
            };
            let mut answer = fits_answer(&rows);
            answer.insert("list".into(), list.into());
            Ok(answer)
        }
    }
}

/// How a list of values is written.
struct ListForm {
    column: Text,
    /// Whether numbers are those of rows; none at all when there is nothing.
    numbers: Option<bool>,
    delimiter: Text,
}

/// The records that fit.
struct Matches {
    rows: Vec<Value>,
    /// The first of them, with its id.
    first: Dict,
    /// Values of all, a line each.
    list: String,
}

fn matches(
    context: &mut Context<'_>,
    table_id: Answered<TableId>,
    column_data: Answered<Dict>,
    algorithm: Answered<Option<Algorithm>>,
    form: Option<&ListForm>,
) -> CallResult<Option<Matches>> {
    let no = |problem: &Message| status_false("error", problem);
    let table_id = table_id.or_answer_why(&[role::TABLE], no)?;
    let data = column_data.or_answer_why(COLUMNS_WANTED, no)?;
    let algorithm = algorithm.or_answer_why(&[role::ALGORITHM], no)?.unwrap_or(Algorithm::Equal);
    context.check_memory_for_text(&Value::from(data.clone()))?;
    let refuse = |fault: Fault| {
        let instead = Some(no(&fault.message).into());
        Box::new(CallError::Refused { roles: COLUMNS_WANTED, fault, instead })
    };
    if data.is_empty() {
        return Err(refuse(Fault::new(Code::RefusedArgument, message!("nothing-wanted"))));
    }
    let mut walk = context.crm()?.walk(table_id).map_err(|error| answered("error", error))?;
    for column in data.keys() {
        context.crm()?.check_column(&walk, column, COLUMNS_WANTED).map_err(|error| answered("error", error))?;
    }
    if let Some(form) = form {
        context.crm()?.check_column(&walk, &form.column, COLUMN).map_err(|error| answered("error", error))?;
    }
    let wanted = Wanted::new(&data, algorithm).map_err(|fault| refuse(*fault))?;
    let mut found = Matches { rows: Vec::new(), first: Dict::new(), list: String::new() };
    let mut row = 0_i64;
    while !walk.is_over {
        for record in page(context, &mut walk, usize::MAX)? {
            row += 1;
            if !wanted.fits(context, &record)? {
                continue;
            }
            let session = context.crm()?;
            session.show(&walk, &record);
            let table = session.table_of(&walk);
            if found.rows.is_empty() {
                found.first = table.row_with_id(&record);
            }
            found.rows.push(row.into());
            if let Some(ListForm { column, numbers, delimiter }) = form {
                if found.rows.len() > 1 {
                    found.list.push('\n');
                }
                let number = numbers.map(|of_rows| if of_rows { row } else { i64::try_from(found.rows.len()).unwrap_or(row) });
                if let Some(number) = number {
                    found.list.push_str(&number.to_string());
                    found.list.push_str(delimiter);
                }
                let value = table.cell(record.id, &record.cells, column).unwrap_or_default();
                found.list.push_str(&value.interpolated());
            }
            context.check_memory(found.list.len() + found.rows.len() * size_of::<Value>())?;
        }
    }
    Ok((!found.rows.is_empty()).then_some(found))
}

/// A plain answer: nothing was refused.
fn nothing_fits() -> Dict {
    status_false("error", &message!("no-record-fits"))
}

/// What both functions say of the records that fit.
fn fits_answer(rows: &[Value]) -> Dict {
    let mut answer = Dict::new();
    answer.insert("status".into(), true.into());
    answer.insert("rows_index".into(), Value::from(rows.to_vec()));
    answer.insert("quantity".into(), rows.len().into());
    answer
}

/// The next records of a walk, within the limits of the run.
fn page(context: &mut Context<'_>, walk: &mut TableWalk, most: usize) -> CallResult<Vec<FoundRecord>> {
    context.check_time()?;
    let (records, bytes) = context.crm()?.next_records(walk, most)?;
    context.work(bytes)?;
    context.check_memory(0)?;
    Ok(records)
}

/// Passes over so many records, or all there are.
fn pass_over(context: &mut Context<'_>, walk: &mut TableWalk, mut count: usize) -> CallResult<()> {
    while count > 0 && !walk.is_over {
        context.check_time()?;
        count -= context.crm()?.pass_over(walk, count)?;
    }
    Ok(())
}

/// The columns from one to another; `None` is all of them.
fn column_range(context: &mut Context<'_>, walk: &TableWalk, from: Option<&str>, to: Option<&str>) -> CallResult<Option<Vec<Text>>> {
    if from.is_none() && to.is_none() {
        return Ok(None);
    }
    let session = context.crm()?;
    let columns = &session.table_of(walk).table.columns;
    // The id comes before the first column.
    let place =
        |name: &str| if name == super::ID_COLUMN { Some(0) } else { columns.iter().position(|column| column == name).map(|at| at + 1) };
    let range = (from.map_or(Some(1), place), to.map_or(Some(columns.len()), place));
    let table = session.table_of(walk).table.id.to_string();
    match range {
        (None, _) => Err(refused("start_col", message!("unknown-column", column = from.unwrap_or_default(), table = table))),
        (_, None) => Err(refused("end_col", message!("unknown-column", column = to.unwrap_or_default(), table = table))),
        (Some(from), Some(to)) if from > to && to > 0 => Err(refused("end_col", message!("columns-backwards"))),
        (Some(from), Some(to)) => {
            let columns = columns.iter().zip(1..).filter(|(_, at)| (from..=to).contains(at));
            Ok(Some(columns.map(|(column, _)| column.as_str().into()).collect()))
        }
    }
}

#[cold]
fn refused(parameter: &'static str, message: Message) -> Box<CallError> {
    Box::new(CallError::Argument { parameter, fault: Fault::new(Code::RefusedArgument, message) })
}

/// What these functions return when something is wrong, in English as all data.
fn status_false(key: &'static str, problem: &Message) -> Dict {
    [("status".into(), false.into()), (key.into(), problem.to_string().into())].into_iter().collect()
}

/// A refusal of a rule with that answer.
#[cold]
fn answered(key: &'static str, error: CrmError) -> Box<CallError> {
    match error {
        CrmError::Refused(refusal) => refusal.instead(status_false(key, &refusal.message())),
        CrmError::Store(error) => error.into(),
    }
}
