//! The functions about pipelines and stages (crm.md, "Deals").

use crate::builtins;
use crate::crm::{ClientId, CrmContext as _, DealId, PipelineId, StageId, role};
use crate::value::Value;

builtins! {
    /// Pipelines and stages: where a deal is, moving it, counting deals in a stage.
    pub static FUNCTIONS: Host "pipelines" = {
        /// The id of the pipeline that the client's current deal is in.
        ///
        /// `None` when that deal is unprocessed, and when there is no current deal.
        ///
        /// ```calc
        /// get_current_pipeline_id() # => 1
        /// ```
        vendor fn get_current_pipline_id | get_current_pipeline_id(context) -> Option<PipelineId> {
            Ok(context.crm()?.get_current_pipline_id()?)
        }

        /// The id of the stage that a deal is in.
        ///
        /// Without ids that of the current deal. One id alone is a deal, or a client, whose current deal is meant: no
        /// client and deal have the same id. With both it is that client's deal. `None` when the deal is unprocessed.
        ///
        /// ```calc
        /// get_state_id() # => 5
        /// ```
        vendor fn get_state_id(
            context, client_id: Option<DealId> as role::CLIENT = "None" => "a client; alone it may also be a deal",
            order_id: Option<DealId> = "get_order_id()" => "the deal",
        ) -> Option<StageId>, fails None {
            Ok(context.crm()?.get_state_id(client_id.map(|id| ClientId(id.0)), order_id)?)
        }

        /// Moves a deal to a stage, of any pipeline.
        ///
        /// A closed deal is open again then. `False` when there is no such stage.
        ///
        /// ```calc
        /// change_state(4)
        /// get_state_id() # => 4
        /// ```
        vendor fn change_state(
            context, state_id: StageId => "the stage", order_id: Option<DealId> = "get_order_id()" => "the deal",
        ) -> bool, fails False {
            Ok(context.crm()?.change_state(state_id, order_id)?)
        }

        /// Moves a deal to the next stage of its pipeline, and returns the id of that stage.
        ///
        /// An unprocessed deal goes to the first stage of the first pipeline. `False` at the last stage and when the deal
        /// is closed.
        ///
        /// ```calc
        /// change_state(3)
        /// move_order_to_next_state() # => 4
        /// ```
        vendor fn move_order_to_next_state(
            context, order_id: Option<DealId> = "get_order_id()" => "the deal",
        ) -> Value, fails False {
            let stage = context.crm()?.move_order_to_next_state(order_id)?;
            Ok(stage.map_or(Value::from(false), Value::from))
        }

        /// How many open deals are in a stage now.
        ///
        /// Those of all clients of the project.
        ///
        /// ```calc
        /// get_count_orders(5) # => 1
        /// ```
        vendor fn get_count_orders(context, id: StageId => "the stage") -> i64, fails Zero {
            Ok(context.crm()?.get_count_orders(id)?)
        }
    }
}
