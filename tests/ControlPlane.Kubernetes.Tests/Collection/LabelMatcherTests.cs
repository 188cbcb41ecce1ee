using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes.Tests.Collection;

public sealed class LabelMatcherTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["app"] = "web", ["tier"] = "front", ["example.org/team"] = "shop" };

    [Theory]
    [InlineData("app=web", true)]
    [InlineData("app==web", true)]
    [InlineData("app=api", false)]
    [InlineData("app!=api", true)]
    [InlineData("none!=x", true)]
    [InlineData("app in (web,api)", true)]
    [InlineData("app in (api, web),tier=front", true)]
    [InlineData("app notin (web)", false)]
    [InlineData("none notin (x)", true)]
    [InlineData("example.org/team", true)]
    [InlineData("!example.org/team", false)]
    [InlineData("!none,tier", true)]
    [InlineData("", true)]
    public void Matches_Selector_IsAsKubernetesHasIt(string selector, bool expected) => Assert.Equal(expected, LabelMatcher.Parse(selector).Matches(Labels));

    [Theory]
    [InlineData("=x")]
    [InlineData("a in b")]
    [InlineData("a in (b")]
    [InlineData("a b")]
    public void Parse_NotASelector_Throws(string selector) => Assert.Throws<FormatException>(() => LabelMatcher.Parse(selector));

    [Fact]
    public void Format_Object_ReadsBack()
    {
        var selector = new LabelSelector(
            new Dictionary<string, string> { ["app"] = "web" },
            [new("tier", "In", ["front", "back"]), new("old", "DoesNotExist"), new("example.org/team", "Exists"), new("x", "NotIn", ["y"])]);
        var text = LabelMatcher.Format(selector);
        Assert.Equal("app=web,tier in (front,back),!old,example.org/team,x notin (y)", text);
        Assert.True(LabelMatcher.Parse(text).Matches(Labels));
        Assert.Equal(("app", "web"), LabelMatcher.Parse(text).RequiredLabel);
    }
}
