//! Functions about tables, on the table `Stock` of the demo project.

use calc::crm::Json;
use serde_json::json;

use crate::support::ann;

#[test]
fn records_by_their_ids() {
    ann(|run| {
        run.returns("new_record", json!([701, {"name": "Plate", "colour": "blue"}]), json!(4))
            .returns("new_record", json!(["701", "{\"name\": \"Bowl\", \"price\": 9}"]), json!(5))
            .refuses("new_record", json!([77777, {"name": 1}]), "table_id", json!(null))
            .refuses("new_record", json!([701, "no dict"]), "data", json!(null))
            .refuses("new_record", json!([701, ""]), "data", json!(null))
            .returns("get_record_data", json!([701, 4]), json!({"name": "Plate", "price": "", "stock": "", "colour": "blue"}))
            .returns("get_record_data", json!([701, "5", "price"]), json!(9))
            .returns("get_record_data", json!([701, 5, "none"]), json!({"name": "Bowl", "price": 9, "stock": "", "colour": ""}))
            .refuses("get_record_data", json!([701, 99]), "record_id", json!(null))
            .returns("edit_record", json!([701, 1, {"price": "6"}]), json!({"name": "Mug", "price": "6", "stock": 12, "colour": ""}))
            .refuses("edit_record", json!([701, 99, {"price": 6}]), "record_id", json!(null))
            .refuses("edit_record", json!([7, 1, {"price": 6}]), "table_id", json!(null))
            .returns("delete_record", json!([701, 1]), json!({"message": "Удалено записей: 1"}))
            .returns("delete_record", json!([701, [1, 2, 99]]), json!({"message": "Удалено записей: 1"}))
            .returns("delete_record", json!([701, "[99]"]), json!({"message": "Удалено записей: 0"}))
            .refuses("delete_record", json!([701, [1, "x"]]), "record_id", json!({"message": "Удалено записей: 0"}))
            .refuses("delete_record", json!([77777, 1]), "table_id", json!({"message": "Удалено записей: 0"}));
    });
}

#[test]
fn looking_for_a_record() {
    ann(|run| {
        let mug = json!({"name": "Mug", "price": 5, "stock": 12});
        run.returns("find_record", json!([701, "5.0"]), mug.clone())
            .returns("find_record", json!([701, 5, "price", "name"]), json!("Mug"))
            .returns("find_record", json!([701, "Tea", "name", "ID"]), json!(3))
            .returns("find_record", json!([701, 5, "stock"]), json!(null))
            .returns("find_record", json!([701, 2, "ID", "name"]), json!("Teapot"))
            .returns("find_record", json!([701, "Mug", "none", "ghost"]), mug)
            .returns("find_record", json!([701, "mug"]), json!(null))
            .refuses("find_record", json!([701, "", "name"]), "value", json!(null))
            .refuses("find_record", json!([701, 5, "ghost"]), "find_in", json!(null))
            .refuses("find_record", json!([77, 5]), "table_id", json!(null));
    });
}

#[test]
fn many_records() {
    ann(|run| {
        let tea = json!([{"ID": 3, "name": "Tea", "price": 5, "stock": ""}]);
        run.returns("get_records_from_table", json!([701, 3]), tea.clone())
            .returns("get_records_from_table", json!(["701", "3", "none", "", "none"]), tea)
            .returns(
                "get_records_from_table",
                json!([701, 1, 2, "name", "name"]),
                json!([{"ID": 1, "name": "Mug"}, {"ID": 2, "name": "Teapot"}]),
            )
            .returns("get_records_from_table", json!([701, 2, 1, "price"]), json!([{"ID": 2, "price": 20, "stock": 3}]))
            .returns("get_records_from_table", json!([701, 2, 1, "", "price"]), json!([{"ID": 2, "name": "Teapot", "price": 20}]))
            .returns("get_records_from_table", json!([701, 2, 1, "ID", "ID"]), json!([{"ID": 2}]))
            .returns("get_records_from_table", json!([701, 4]), json!([]))
            .returns("get_records_from_table", json!([701, 1, 0]), json!([]))
            .refuses("get_records_from_table", json!([701, 0]), "start_row", json!([]))
            .refuses("get_records_from_table", json!([701, 1, -1]), "count", json!([]))
            .refuses("get_records_from_table", json!([701, 1, 1, "ghost"]), "start_col", json!([]))
            .refuses("get_records_from_table", json!([701, 1, 1, "name", "ghost"]), "end_col", json!([]))
            .refuses("get_records_from_table", json!([701, 1, 1, "stock", "name"]), "end_col", json!([]))
            .refuses("get_records_from_table", json!([77]), "table_id", json!([]));
    });
}

#[test]
fn cells_by_their_places() {
    ann(|run| {
        run.returns(
            "table_read_cells",
            json!([701, {"b2": "A1"}]),
            json!({"status": true, "A1": "Mug", "B1": 5, "A2": "Teapot", "B2": 20}),
        )
        .returns(
            "table_read_cells",
            json!([701, "{\"c3\": \"d4\", \"a3\": \"a3\"}"]),
            json!({"status": true, "C3": "", "D3": "", "C4": "", "D4": "", "A3": "Tea"}),
        )
        .returns("table_read_cells", json!([701, {}]), json!({"status": true}))
        .returns(
            "table_read_cells",
            json!([701, {"a900000000": "a900000000", "a2": "a2"}]),
            json!({"status": true, "A900000000": "", "A2": "Teapot"}),
        );
        for (cells, problem) in [
            (json!({"1a": "b2"}), "a cell such as `B12` is expected, found the text `'1a'`"),
            (json!({"a1": 7}), "a cell such as `B12` is expected, found the number `7`"),
            (json!({"a1": "e1001"}), "at most 5000 cells are read at once"),
        ] {
            run.refuses("table_read_cells", json!([701, cells]), "cell_data", json!({"status": false, "err": problem}));
        }
        run.refuses(
            "table_read_cells",
            json!([77, {"a1": "a1"}]),
            "table_id",
            json!({"status": false, "err": "there is no table `77` in this project"}),
        );
    });
}

#[test]
fn several_columns() {
    ann(|run| {
        let first = |row: i64, rows: Json, record: Json| json!({"status": true, "rows_index": rows, "quantity": rows.as_array().map_or(0, Vec::len), "row_data": record, "row": row});
        let tea = json!({"ID": 3, "name": "Tea", "price": 5, "stock": ""});
        let teapot = json!({"ID": 2, "name": "Teapot", "price": 20, "stock": 3});
        let mug = json!({"ID": 1, "name": "Mug", "price": 5, "stock": 12});
        let name = "find_first_record_multiple_cols_row";
        run.returns(name, json!([701, {"price": "5"}]), first(1, json!([1, 3]), mug.clone()))
            .returns(name, json!([701, {"price": "5", "stock": ""}, "F"]), first(3, json!([3]), tea.clone()))
            .returns(name, json!([701, "{\"name\": \"ea\"}", "K"]), first(2, json!([2, 3]), teapot.clone()))
            .returns(name, json!([701, {"name": "^T.*t$"}, "r"]), first(2, json!([2]), teapot.clone()))
            .returns(name, json!([701, {"ID": 2}]), first(2, json!([2]), teapot.clone()))
            .returns(name, json!([701, {"name": "TEEPOT"}, 80]), first(2, json!([2]), teapot))
            .returns(name, json!([701, {"name": "MUGS"}, "85"]), first(1, json!([1]), mug))
            .returns(name, json!([701, {"name": "mugs"}, 86]), json!({"status": false, "error": "no record fits"}));
        let wrong = |problem: &str| json!({"status": false, "error": problem});
        run.refuses(
            name,
            json!([701, {"name": "x"}, 0]),
            "algorithm",
            wrong("`F`, `K`, `R` or a number from 1 to 100 is expected, found the number `0`"),
        )
        .refuses(name, json!([701, {}]), "column_data", wrong("nothing is wanted: name a column and what is to be in it"))
        .refuses(name, json!([701, {"ghost": 1}]), "column_data", wrong("table `701` has no column `ghost`"))
        .refuses(name, json!([77, {"name": 1}]), "table_id", wrong("there is no table `77` in this project"));
        let (value, refused) = run.call(name, &json!([701, {"name": "("}, "R"]));
        assert_eq!((&value.to_json()["status"], refused), (&json!(false), Some("column_data")));
        let name = "find_records_multiple_cols_list";
        let list = |rows: Json, text: &str| json!({"status": true, "rows_index": rows, "quantity": 2, "list": text});
        run.returns(name, json!([701, {"price": 5}, "name", 1, " - "]), list(json!([1, 3]), "1 - Mug\n3 - Tea"))
            .returns(name, json!([701, {"price": 5}, "name", 0, ". "]), list(json!([1, 3]), "1. Mug\n2. Tea"))
            .returns(name, json!([701, {"price": 5}, "ID", 1]), list(json!([1, 3]), "1 1\n3 3"))
            .returns(name, json!([701, {"price": 5}, "stock"]), list(json!([1, 3]), "12\n"))
            .returns(name, json!([701, {"price": 6}, "name"]), wrong("no record fits"))
            .refuses(name, json!([701, {"price": 5}, "ghost"]), "return_col", wrong("table `701` has no column `ghost`"));
    });
}
