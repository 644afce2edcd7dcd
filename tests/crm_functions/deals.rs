//! Functions about deals: making, moving, closing, choosing and counting them.

use serde_json::json;

use crate::support::ann;

#[test]
fn new_deals() {
    ann(|run| {
        run.returns("set_order_vars", json!([501, {"color": "red", "size": 5}]), json!(true));
        let (deal, _) = run.call("create_order", &json!(["Gift", "1500.50", "", null, null, null, "3", "[\"color\", \"none\"]"]));
        let deal = deal.to_json();
        run.returns("get_order_id", json!([]), deal.clone())
            .returns("get_order_vars", json!([deal]), json!({"name": "Gift", "description": "", "budget": 1500.5, "color": "red"}))
            .returns("get_state_id", json!([]), json!(3));
        let (other, _) = run.call("create_order", &json!(["", null, "", "Dora", 79_990_001_122_i64]));
        run.returns("get_order_vars", json!([other.to_json(), ["name", "budget"]]), json!({"name": "", "budget": 0}))
            .returns("get_order_id", json!([]), deal)
            .refuses("create_order", json!(["Gift", 1, "", "", "", "", 99]), "state_id", json!(null))
            .refuses("create_order", json!(["Gift", 1, "", "", "none at all"]), "phone", json!(null))
            .refuses("create_order", json!(["Gift", 1, "", "", "", "", "", [["color"]]]), "transfer_vars", json!(null));
    });
}

#[test]
fn a_budget_that_is_no_number() {
    let answer = || json!("budget must be a number");
    ann(|run| {
        for budget in [json!("3490 rub"), json!(true), json!([]), json!({})] {
            run.refuses("create_order", json!(["Gift", budget]), "budget", answer());
            run.refuses("set_order_budget", json!([budget]), "budget", answer());
        }
        for budget in [json!(null), json!(""), json!("None")] {
            run.refuses("set_order_budget", json!([budget, 501]), "budget", answer());
        }
        assert_eq!(run.effects(), 0);
        run.returns("set_order_budget", json!([" 100 ", "501"]), json!(true))
            .reads("budget", json!(100))
            .returns("set_order_budget", json!([0.5]), json!(true))
            .reads("budget", json!(0.5))
            .refuses("set_order_budget", json!([5, 999]), "order_id", json!(false));
    });
}

#[test]
fn moving_and_closing() {
    ann(|run| {
        run.returns("move_order_to_next_state", json!([]), json!(false))
            .returns("change_state", json!(["3"]), json!(true))
            .returns("move_order_to_next_state", json!([501]), json!(4))
            .refuses("move_order_to_next_state", json!([999]), "order_id", json!(false))
            .refuses("change_state", json!([99]), "state_id", json!(false))
            .returns("get_state_id", json!([102]), json!(7))
            .returns("get_state_id", json!([503]), json!(7))
            .returns("get_state_id", json!([102, 503]), json!(7))
            .refuses("get_state_id", json!([101, 503]), "order_id", json!(null))
            .refuses("get_state_id", json!([999]), "client_id", json!(null))
            .returns("set_order_name", json!(["Kettle"]), json!(true))
            .returns("get_active_orders_ids", json!([]), json!([501]))
            .returns("set_order_status_success", json!([]), json!(true))
            .returns("get_success_orders_ids", json!([]), json!([501, 502]))
            .returns("get_order_id", json!([]), json!(null))
            // Nothing is refused here: there just is no deal.
            .returns("set_order_status_fail", json!([]), json!(false))
            .returns("set_order_name", json!(["Kettle"]), json!(false))
            .returns("get_state_id", json!([]), json!(null))
            .reads("order_id", json!(null))
            .reads("budget", json!(null))
            .returns("set_order_status_fail", json!([501]), json!(true))
            .returns("get_fail_orders_ids", json!([]), json!([501]))
            .returns("set_order_status_archive", json!([501]), json!(true))
            .refuses("set_order_status_success", json!([999]), "order_id", json!(false))
            .refuses("set_order_status_fail", json!([999]), "order_id", json!(false))
            .refuses("set_order_status_archive", json!([999]), "order_id", json!(false))
            .returns("delete_order", json!([]), json!(true))
            .refuses("delete_order", json!([501]), "order_id", json!(false))
            .returns("delete_order", json!([502]), json!(true))
            .returns("delete_order", json!([]), json!(false));
    });
}

#[test]
fn counting_and_dates() {
    ann(|run| {
        run.returns("count_client_orders", json!([]), json!(2))
            .returns("count_client_orders", json!([null, null, "0"]), json!(1))
            .returns("count_client_orders", json!(["", "", 0, 0]), json!(1))
            .returns("count_client_orders", json!([101, 5, 0, "False"]), json!(0))
            .returns("count_client_orders", json!([101, 4]), json!(1))
            .refuses("count_client_orders", json!([999]), "client_id", json!(0))
            .refuses("count_client_orders", json!([101, 99]), "state_id", json!(0))
            .returns("get_count_orders", json!([7]), json!(1))
            .refuses("get_count_orders", json!([99]), "id", json!(0))
            .returns("latest_order_datetime", json!([]), json!("02.11.26 11:30"))
            .returns("latest_order_datetime", json!([102, "%A %d %B %Y"]), json!("Tuesday 10 November 2026"))
            .returns("latest_order_datetime", json!([103]), json!(null))
            .refuses("latest_order_datetime", json!([101, "%Q"]), "dt_fmt", json!(null))
            .refuses("latest_order_datetime", json!([103, "%Q"]), "dt_fmt", json!(null))
            .refuses("latest_order_datetime", json!([999]), "client_id", json!(null));
    });
}

#[test]
fn choosing_a_deal_and_its_operator() {
    ann(|run| {
        run.returns("switch_order", json!([502]), json!(502))
            .returns("get_order_id", json!([]), json!(502))
            .refuses("switch_order", json!([503]), "order_id", json!(502))
            .refuses("switch_order", json!(["101-501"]), "order_id", json!(502))
            .refuses("switch_order", json!([[501]]), "order_id", json!(502))
            .returns("assign_order_to_user", json!(["pavel@example.com"]), json!(true))
            .returns("get_order_operator", json!([]), json!("pavel@example.com"))
            .returns("get_order_operator", json!([503]), json!(null))
            .refuses("assign_order_to_user", json!(["stranger@example.com", 501]), "email", json!(false))
            .refuses("get_order_operator", json!([999]), "order_id", json!(null));
    });
}
