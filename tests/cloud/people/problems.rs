//! The page that every problem names.

use slipway_contract::cloud::ProblemCode;

on_both! {
    async fn a_problem_leads_to_what_its_code_means(cloud: &Cloud) {
        let problem = cloud.get("/api/v1/account").send().await.refused(ProblemCode::Unauthenticated);
        let (path, code) = problem.about.split_once('#').expect("a place on a page");
        let page = cloud.get(path).header("accept", "text/html").send().await.is(200).text();
        assert!(page.contains(&format!("<h2 id=\"{code}\">")), "{page}");
        for code in ProblemCode::ALL {
            let (_, part) = page.split_once(&format!("<h2 id=\"{}\">", code.as_str())).expect("a part");
            let part = part.split("<h2").next().expect("a part");
            for words in [code.title(), code.meaning(), code.advice(), &format!("Status {}<", code.status())] {
                let shown = words.replace('&', "&amp;").replace('\"', "&quot;");
                assert!(!words.is_empty() && part.contains(&shown), "{words:?} is not in {part}");
            }
            // And says nothing twice.
            let mut said: Vec<&str> = part.split(['.', '<', '>']).map(str::trim).filter(|words| words.contains(' ')).collect();
            let all = said.len();
            said.sort_unstable();
            said.dedup();
            assert_eq!(said.len(), all, "{part}");
        }
    }
}
