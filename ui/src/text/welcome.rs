//! Texts of the first start.

pub(crate) const WELCOME_ASKS: &str = "What should answer your agents?";
pub(crate) const WELCOME_LEAD: &str = "You can change this at any time. Everything but the answer of a remote model works with the network unplugged.";
pub(crate) const WELCOME_PROVIDER: &str = "A model of a provider";
pub(crate) const WELCOME_PROVIDER_HOW: &str = "Paste a key of OpenAI, Anthropic, Google or a compatible service. It goes to the keychain, nowhere else.";
pub(crate) const WELCOME_PROVIDER_SEALED: &str = "Paste a key of OpenAI, Anthropic, Google or a compatible service. It goes to a sealed file, nowhere else: there is no keychain.";
pub(crate) const WELCOME_HERE: &str = "A model on this machine";
pub(crate) const WELCOME_FOUND: &str = "Found";
pub(crate) const WELCOME_HERE_HOW: &str = "No key, no cost, no network.";
pub(crate) const WELCOME_LOOKING: &str = "Looking for Ollama, LM Studio, llama.cpp and vLLM.";
pub(crate) const WELCOME_NONE_HERE: &str =
    "None answers now. Start Ollama, LM Studio, llama.cpp or vLLM with a model, and look again.";
pub(crate) const WELCOME_RECORDING: &str = "A recording, to look around";
pub(crate) const WELCOME_RECORDING_HOW: &str = "The example is answered from a recording, and says so. Its tools run for real. No key, no network.";
pub(crate) const RUN_EXAMPLE: &str = "Run the example";
pub(crate) const START_EMPTY: &str = "Start empty";
pub(crate) const WELCOME_EXAMPLE: &str =
    "The example is Expense report, on 43 receipts that come with it.";
pub(crate) const WELCOME_NOTHING_LEAVES: &str = "With this choice nothing leaves this machine.";
pub(crate) const WELCOME_PASTE_FIRST: &str = "Paste a key first, or choose another way";
pub(crate) const WELCOME_TEST_FAILED: &str =
    "The provider did not take the key. Paste another, or choose another way";
pub(crate) const WELCOME_NOT_TESTED: &str =
    "The key could not be tested. Test it again, or choose another way";
pub(crate) const WELCOME_TESTING: &str = "The key is being tested";
pub(crate) const WELCOME_START_SERVER: &str =
    "Start a server of models first, or choose another way";
pub(crate) const WELCOME_NO_MODEL: &str = "No model of it is known here. Choose another way";
pub(crate) const WHICH_PROVIDER: &str = "Provider";
pub(crate) const WHICH_MODEL: &str = "Model";
pub(crate) const WELCOME_MODEL_WAITS: &str = "Looking for its models";

/// What leaves the machine with a provider's model.
pub(crate) fn welcome_leaves(place: &str) -> String {
    format!(
        "With this choice, what you ask and what tools return goes to {place}, when an agent runs."
    )
}
