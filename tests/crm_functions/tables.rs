//! Functions about tables, on the table `Stock` of the demo project.

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
