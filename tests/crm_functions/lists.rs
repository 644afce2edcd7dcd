//! Functions about lists and labels.

use serde_json::json;

use crate::support::ann;

const NOT_EMPTY: &str = "Can't delete list, list not empty";

#[test]
fn lists() {
    ann(|run| {
        let (made, _) = run.call("create_list", &json!([" Waiting "]));
        let made = made.to_json();
        run.returns("create_list_if_not_exist", json!(["Waiting"]), made.clone())
            .returns("create_list_if_not_exist", json!(["Buyers"]), json!(41))
            .refuses("create_list", json!(["  "]), "spisok", json!(null))
            .refuses("create_list_if_not_exist", json!(["  "]), "list_name", json!(null))
            .returns("add_to_list", json!([["42", made]]), json!(null))
            .returns("inlist", json!(["42"]), json!(true))
            .returns("add_to_list", json!(["[41, 42]", "103"]), json!(null))
            .returns("list_size", json!([42]), json!(2))
            .refuses("add_to_list", json!([[41, 999]]), "spisok", json!(null))
            .refuses("add_to_list", json!([[]]), "spisok", json!(null))
            .refuses("add_to_list", json!([[41, "x"]]), "spisok", json!(null))
            .refuses("add_to_list", json!([42, 999]), "client_id", json!(null))
            .returns("get_all_client_lists", json!([]), json!({"41": "Buyers", "42": "Newsletter", (made.to_string()): " Waiting "}))
            .returns("move_to_list", json!([42]), json!(true))
            .refuses("move_to_list", json!([999]), "spisok", json!(false))
            .returns("get_all_client_lists", json!(["101"]), json!({"42": "Newsletter"}))
            .refuses("get_all_client_lists", json!([999]), "client_id", json!(null))
            .returns("remove_from_list", json!([[41, 42]]), json!(true))
            .refuses("remove_from_list", json!([61]), "spisok", json!(false))
            .returns("get_all_client_lists", json!([]), json!({}))
            .returns("lists_joint_count", json!([[41, "42", 999]]), json!(2))
            .returns("lists_joint_count", json!(["[41]"]), json!(2))
            .returns("lists_joint_count", json!([41]), json!(2))
            .refuses("lists_joint_count", json!(["all"]), "massive_list", json!(0))
            .returns("some_client_in_list", json!([41, 5_550_102]), json!(true))
            .returns("some_client_in_list", json!([41, "5550101"]), json!(false))
            .refuses("some_client_in_list", json!([999, "5550101"]), "list_id", json!(false))
            .returns("clear_list", json!([42]), json!(true))
            .returns("random_list_member", json!([42]), json!(null))
            .refuses("random_list_member", json!([999]), "list_id", json!(null))
            .refuses("clear_list", json!([999]), "list_id", json!(false))
            .refuses("list_size", json!([999]), "spisok", json!(0))
            .refuses("inlist", json!([999]), "spisok", json!(false))
            .refuses("remove_list_from_project", json!([41]), "list_id", json!(NOT_EMPTY))
            .refuses("remove_list_from_project", json!([41, "0"]), "list_id", json!(NOT_EMPTY))
            .refuses("remove_list_from_project", json!([999]), "list_id", json!(false))
            .returns("remove_list_from_project", json!([41, 1]), json!(true))
            .returns("remove_list_from_project", json!([42]), json!(true));
    });
}

#[test]
fn lists_by_name() {
    ann(|run| {
        run.returns("add_to_list_by_list_name", json!(["Newsletter "]), json!(null))
            .returns("list_size_by_list_name", json!(["Newsletter"]), json!(2))
            .returns("add_to_list_by_list_name", json!(["[\"Newsletter\", \"Buyers\"]", 103]), json!(null))
            .returns("list_size_by_list_name", json!(["Buyers"]), json!(3))
            .refuses("add_to_list_by_list_name", json!(["Ghosts"]), "list_name", json!(null))
            .refuses("add_to_list_by_list_name", json!([["Buyers", "Ghosts"]]), "list_name", json!(null))
            .refuses("add_to_list_by_list_name", json!(["Buyers", 999]), "client_id", json!(null))
            .returns("move_to_list_by_list_name", json!([["Newsletter"]]), json!(true))
            .refuses("move_to_list_by_list_name", json!(["Ghosts"]), "list_name", json!(false))
            .returns("get_all_client_lists", json!([]), json!({"42": "Newsletter"}))
            .returns("remove_from_list_by_list_name", json!(["Buyers"]), json!(true))
            .refuses("remove_from_list_by_list_name", json!(["newsletter"]), "list_name", json!(false))
            .returns("clear_list_by_list_name", json!(["Newsletter"]), json!(true))
            .refuses("clear_list_by_list_name", json!(["Ghosts"]), "list_name", json!(false))
            .refuses("list_size_by_list_name", json!(["Ghosts"]), "list_name", json!(0))
            .returns("list_size_by_list_name", json!(["Newsletter"]), json!(0));
        // A name that looks like a list and is none.
        run.call("create_list", &json!(["[sale"]));
        run.returns("list_size_by_list_name", json!(["[sale"]), json!(0)).returns(
            "add_to_list_by_list_name",
            json!(["[sale"]),
            json!(null),
        );
    });
}

#[test]
fn labels() {
    ann(|run| {
        run.returns("create_label", json!(["regular"]), json!(true))
            .refuses("create_label", json!([" regular"]), "label_name", json!(false))
            .refuses("create_label", json!(["  "]), "label_name", json!(false))
            .returns("create_label_if_not_exist", json!(["vip", "9"]), json!(61))
            .refuses("create_label_if_not_exist", json!(["vip", 10]), "color", json!(null))
            .refuses("create_label_if_not_exist", json!(["vip", "red"]), "color", json!(null))
            .refuses("create_label_if_not_exist", json!([" "]), "name", json!(null))
            .returns("add_label", json!(["regular"]), json!(true))
            .returns("has_label", json!(["regular", "101"]), json!(true))
            .refuses("add_label", json!(["ghost"]), "label_name", json!(false))
            .refuses("add_label", json!(["vip", 999]), "client_id", json!(false))
            .refuses("has_label", json!(["ghost"]), "label_name", json!(false))
            .returns("remove_label", json!(["vip"]), json!(true))
            .refuses("remove_label", json!(["ghost"]), "label_name", json!(false))
            .returns("has_label", json!(["vip"]), json!(false))
            .returns("count_of_clients_with_label", json!(["wholesale"]), json!(2))
            .refuses("count_of_clients_with_label", json!(["ghost"]), "label_name", json!(0))
            .returns("get_all_client_labels", json!([102]), json!({"62": "wholesale"}))
            .returns("get_all_client_labels", json!([103]), json!({}))
            .refuses("get_all_client_labels", json!([999]), "client_id", json!(null))
            .refuses("remove_label_from_project", json!([62]), "list_id", json!(NOT_EMPTY))
            .returns("remove_label_everywhere", json!(["wholesale"]), json!(true))
            .refuses("remove_label_everywhere", json!(["ghost"]), "label_name", json!(false))
            .refuses("remove_label_from_project", json!([41]), "list_id", json!(false))
            .returns("remove_label_from_project", json!([62]), json!(true));
    });
}

#[test]
fn several_labels() {
    let wrong = || json!("wrong labels_array");
    ann(|run| {
        for array in
            [json!("vip"), json!(["vip"]), json!([61, "vip"]), json!([]), json!({"61": 1}), json!(61), json!([true]), json!([[61]])]
        {
            run.refuses("remove_multiple_client_labels", json!([array]), "labels_array", wrong())
                .refuses("has_client_multiple_labels", json!([array, 0]), "labels_array", wrong())
                .refuses("find_clients_by_multiple_labels", json!([array, "0"]), "labels_array", json!([]));
        }
        for array in [json!("vip"), json!([61]), json!(["vip", 61]), json!([]), json!(["vip", " "]), json!("[61]")] {
            run.refuses("remove_multiple_client_labels", json!([array, 1]), "labels_array", wrong())
                .refuses("has_client_multiple_labels", json!([array, "1"]), "labels_array", wrong())
                .refuses("find_clients_by_multiple_labels", json!([array, true]), "labels_array", json!([]));
        }
        run.returns("has_client_multiple_labels", json!([["61", 62]]), json!(true))
            .returns("has_client_multiple_labels", json!(["[\"vip\", \"wholesale\"]", 1]), json!(true))
            .returns("has_client_multiple_labels", json!([["vip", "ghost"], 1]), json!(false))
            .returns("has_client_multiple_labels", json!([[61, 999]]), json!(false))
            .returns("find_clients_by_multiple_labels", json!([[62]]), json!([101, 102]))
            .returns("find_clients_by_multiple_labels", json!([["wholesale", "vip"], 1]), json!([101]))
            .returns("find_clients_by_multiple_labels", json!([["wholesale", "ghost"], 1]), json!([]))
            .returns("remove_multiple_client_labels", json!([["vip", "ghost", "vip "], 1]), json!(1))
            .returns("remove_multiple_client_labels", json!([[61, 62, 62]]), json!(1))
            .returns("remove_multiple_client_labels", json!(["[61, 62]"]), json!(0));
    });
}
