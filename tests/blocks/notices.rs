//! What functions of the CRM refuse, and where the author is told.

use serde_json::json;

use crate::harness::{BARE_CLIENT, codes, demo_store, event, run, run_block};

#[test]
fn refused_arguments_are_notices_with_places() {
    let store = demo_store();
    let outcome =
        run(&store, "ok = set_order_name('Mugs')\nx = change_state(999)\ny = create_task('nobody@example.com', 'Call', '25.12.2026', 'x')");
    assert!(outcome.is_fine());
    assert_eq!(codes(&outcome), ["N0701", "N0701"]);
    assert_eq!((&outcome.variables["x"], &outcome.variables["y"]), (&json!(false), &json!(null)));
    let places: Vec<(usize, usize)> = outcome.diagnostics.iter().map(|report| (report.line, report.column)).collect();
    assert_eq!(places, [(2, 18), (3, 17)]);
}

#[test]
fn plain_negative_answers_are_no_notices() {
    let store = demo_store();
    let outcome = run_block(
        &store,
        BARE_CLIENT,
        None,
        "a = get_operator()\nb = get_order_id()\nc = was_in_state(5)\nd = get_fail_orders_ids()\ne = get_order_id_by_var_value('x', 'y')",
        "",
        &event(),
    );
    assert_eq!(codes(&outcome), Vec::<&str>::new());
    run(&store, "change_state(5)");
    let outcome = run(&store, "x = move_order_to_next_state()");
    assert_eq!((codes(&outcome), &outcome.variables["x"]), (Vec::<&str>::new(), &json!(false)));
}

#[test]
fn the_order_id_variable_is_no_deal_id() {
    let store = demo_store();
    let outcome = run(&store, "x = set_order_name('Mugs', order_id)\ny = '101-501'\nz = get_order_var(y, 'name')");
    assert_eq!((&outcome.variables["x"], &outcome.variables["z"]), (&json!(false), &json!(null)));
    assert_eq!(codes(&outcome), ["W0603", "N0701", "N0701"]);
    for report in &outcome.diagnostics {
        assert!(report.help.as_deref().is_some_and(|help| help.contains("get_order_id()")), "{report:?}");
    }
}

#[test]
fn a_notice_of_a_loop_is_said_once() {
    let store = demo_store();
    let outcome = run(&store, "for i in range(50): set_note('')");
    assert_eq!(codes(&outcome), ["N0701"]);
}
