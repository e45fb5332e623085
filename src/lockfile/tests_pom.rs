//! Maven: what profiles, management and parents decide.

use super::tests_rules::{packages, read, shown};

fn dependency(artifact: &str, more: &str) -> String {
    format!(
        "<dependency><groupId>g</groupId><artifactId>{artifact}</artifactId>{more}</dependency>"
    )
}

fn project(more: &str) -> String {
    format!(
        "<project><groupId>me</groupId><artifactId>child</artifactId><version>1</version>{more}</project>"
    )
}

#[test]
fn management_gives_versions_and_scopes_by_type() {
    let managed = [
        dependency("a", "<version>1.0</version><scope>test</scope>"),
        dependency("b", "<version>2.0</version><classifier>tests</classifier>"),
        dependency("c", "<version>${v}</version><type>jar</type>"),
        dependency("d", "<version>4.0</version><scope>import</scope>"),
        dependency("a", "<version>9.0</version>"),
    ]
    .concat();
    let used = [
        dependency("a", ""),
        dependency("b", ""),
        dependency("c", ""),
        dependency("d", ""),
        dependency("e", "<version>1</version>"),
        dependency("e", "<version>2</version><classifier>x</classifier>"),
        dependency("f", "<version>${none}</version>"),
        dependency("h", "<version>${version}</version>"),
        dependency("i", "<version>${project.version}</version>"),
        "<dependency><artifactId>no-group</artifactId></dependency>".to_owned(),
    ]
    .concat();
    let text = project(&format!(
        "<properties><v>3.0</v><version>own</version></properties><dependencyManagement><dependencies>{managed}</dependencies></dependencyManagement><dependencies>{used}</dependencies>"
    ));
    assert_eq!(
        shown(&packages("pom.xml", &text)),
        [
            "g:a 1.0 dev",
            "g:b ",
            "g:c 3.0",
            "g:d ",
            "g:e 2",
            "g:h own",
            "g:i 1"
        ]
    );
}

#[test]
fn profiles_may_have_other_versions() {
    let text = project(&format!(
        "<dependencies>{}</dependencies><profiles><profile><dependencies>{}{}</dependencies></profile></profiles>",
        dependency("a", "<version>1</version>"),
        dependency("a", "<version>1</version>"),
        dependency("a", "<version>2</version>"),
    ));
    assert_eq!(shown(&packages("pom.xml", &text)), ["g:a 1", "g:a 2"]);
}

const PARENT: &str = "<parent><groupId>me</groupId><artifactId>up</artifactId><version>7</version>";

fn parent(more: &str) -> String {
    format!(
        "<project><groupId>me</groupId><artifactId>up</artifactId><version>7</version>{more}</project>"
    )
}

#[test]
fn parents_in_the_repository_give_versions_and_dependencies() {
    let up = parent(&format!(
        "<packaging>pom</packaging><properties><v>3</v><w>up</w></properties><dependencyManagement><dependencies>{}{}</dependencies></dependencyManagement><dependencies>{}</dependencies>",
        dependency("a", "<version>1.5</version>"),
        dependency("b", "<version>${w}</version>"),
        dependency("c", "<version>2</version>"),
    ));
    let child = |relative: &str| {
        format!(
            "<project>{PARENT}{relative}</parent><artifactId>child</artifactId><properties><w>own</w></properties><dependencies>{}{}{}{}</dependencies></project>",
            dependency("a", ""),
            dependency("b", ""),
            dependency("d", "<version>${v}</version>"),
            dependency("e", "<version>${project.version}</version>"),
        )
    };
    let text = child("");
    let got = read("m/pom.xml", &text, &[("pom.xml", &up)]).expect("readable");
    assert_eq!(
        shown(&got),
        ["g:a 1.5", "g:b own", "g:d 3", "g:e 7", "g:c 2"]
    );
    assert_eq!(got[0].named_in.as_deref(), Some("pom.xml"));
    assert_eq!(&text[got[0].span.clone()], "a");
    assert_eq!(&text[got[4].span.clone()], "up");
    assert_eq!(got[2].named_in, None);
    // A file that is looked at by itself keeps its own dependencies.
    let text = child("<relativePath>../apart</relativePath>");
    let got = read("m/pom.xml", &text, &[("apart/pom.xml", &up)]).expect("readable");
    assert_eq!(shown(&got), ["g:a 1.5", "g:b own", "g:d 3", "g:e 7"]);
    // No parent: none where the child says so, and none that is another project.
    let other = up.replace("<version>7<", "<version>8<");
    let alone = ["g:a ", "g:b ", "g:e 7"];
    for (relative, file) in [("<relativePath/>", &up), ("", &other)] {
        let text = child(relative);
        let got = read("m/pom.xml", &text, &[("pom.xml", file)]).expect("readable");
        assert_eq!(shown(&got), alone, "{relative}");
    }
    assert_eq!(shown(&packages("m/pom.xml", &child(""))), alone);
}

#[test]
fn parents_in_a_circle_end() {
    let text = parent(&format!(
        "<packaging>pom</packaging>{PARENT}<relativePath>pom.xml</relativePath></parent>"
    ));
    assert_eq!(
        read("pom.xml", &text, &[("pom.xml", &text)]),
        Ok(Vec::new())
    );
}

#[test]
fn ranges_have_a_lower_bound_and_some_have_no_version() {
    let dependency = |artifact: &str, version: &str| {
        format!(
            "<dependency><groupId>g</groupId><artifactId>{artifact}</artifactId>{version}</dependency>"
        )
    };
    let version = |text: &str| format!("<version>{text}</version>");
    let list = [
        dependency("a", &version("[1.0, 2.0)")),
        dependency("b", &version("(,2.0]")),
        dependency("c", &version("[3.0]")),
        dependency("d", ""),
        dependency("e", &version("${elsewhere}")),
    ]
    .concat();
    let text = format!("<project><dependencies>{list}</dependencies></project>");
    let got: Vec<(String, String)> = packages("pom.xml", &text)
        .into_iter()
        .map(|package| (package.name.into_string(), package.version.into_string()))
        .collect();
    let want = [("g:a", "1.0"), ("g:b", ""), ("g:c", "3.0"), ("g:d", "")];
    assert_eq!(
        got,
        want.map(|(name, version)| (name.to_owned(), version.to_owned()))
    );
}

#[test]
fn a_child_keeps_its_version_beside_the_variant_of_its_parent() {
    let up = parent(&format!(
        "<packaging>pom</packaging><dependencies>{}</dependencies>",
        dependency("a", "<version>2</version><classifier>x</classifier>"),
    ));
    let child = |folder: &str| {
        format!(
            "<project>{PARENT}<relativePath>../{folder}</relativePath></parent><artifactId>child</artifactId><dependencies>{}</dependencies></project>",
            dependency("a", "<version>1</version>"),
        )
    };
    for (folder, want) in [("apart", vec!["g:a 1"]), ("up", vec!["g:a 1", "g:a 2"])] {
        let files = [(&*format!("{folder}/pom.xml"), &*up)];
        let got = read("m/pom.xml", &child(folder), &files).expect("readable");
        assert_eq!(shown(&got), want, "{folder}");
    }
}

#[test]
fn a_profile_has_properties_and_management_of_its_own() {
    let text = project(&format!(
        "<properties><v>1</v></properties><profiles><profile><properties><v>3</v></properties><dependencyManagement><dependencies>{}</dependencies></dependencyManagement><dependencies>{}{}</dependencies></profile><profile><dependencies>{}</dependencies></profile></profiles>",
        dependency("b", "<version>2</version><scope>test</scope>"),
        dependency("a", "<version>${v}</version>"),
        dependency("b", ""),
        dependency("c", "<version>${v}</version>"),
    ));
    assert_eq!(
        shown(&packages("pom.xml", &text)),
        ["g:a 3", "g:b 2 dev", "g:c 1"]
    );
}

#[test]
fn what_a_parent_needs_is_told_with_the_child_that_makes_it_another_version() {
    let up = parent(&format!(
        "<packaging>pom</packaging><properties><v>1</v></properties><dependencyManagement><dependencies>{}</dependencies></dependencyManagement><dependencies>{}{}{}{}</dependencies>",
        dependency("c", "<version>1</version>"),
        dependency("a", "<version>${v}</version>"),
        dependency("b", "<version>${w}</version>"),
        dependency("c", ""),
        dependency("same", "<version>9</version>"),
    ));
    let child = |more: &str| {
        format!(
            "<project>{PARENT}<relativePath>../apart</relativePath></parent><artifactId>child</artifactId>{more}</project>"
        )
    };
    let managed = format!(
        "<properties><v>2</v><w>5</w></properties><dependencyManagement><dependencies>{}</dependencies></dependencyManagement>",
        dependency("c", "<version>2</version>"),
    );
    for (more, want) in [("", vec![]), (&managed, vec!["g:a 2", "g:b 5", "g:c 2"])] {
        let got = read("m/pom.xml", &child(more), &[("apart/pom.xml", &up)]).expect("readable");
        assert_eq!(shown(&got), want);
    }
}
