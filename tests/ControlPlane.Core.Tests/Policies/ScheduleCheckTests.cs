using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Tests.Policies;

public sealed class ScheduleCheckTests
{
    [Theory]
    [InlineData("- { from: \"08:00\", to: \"18:00\", minReplicas: 3 }\n- { from: \"18:00\", to: \"08:00\", maxReplicas: 2 }")] // side by side
    [InlineData("- { from: \"08:00\", to: \"18:00\", minReplicas: 3 }\n- { from: \"12:00\", to: \"13:00\", minReplicas: 4 }\n", "schedule[1]: never holds: the windows before it take all of its time")]
    [InlineData("- { from: \"12:00\", to: \"13:00\", minReplicas: 4 }\n- { from: \"08:00\", to: \"18:00\", minReplicas: 3 }")] // the exception first
    [InlineData("- { from: \"08:00\", to: \"12:00\", minReplicas: 9 }\n- { from: \"11:00\", to: \"13:00\", maxReplicas: 5 }", "schedule[1]: contradicts schedule[0] on Sunday 11:00: 1..5 replicas here, 9..10 there")]
    [InlineData("- { days: [Monday], from: \"08:00\", to: \"12:00\", minReplicas: 9 }\n- { days: [Tuesday], from: \"11:00\", to: \"13:00\", maxReplicas: 5 }")]
    [InlineData("- { days: [Saturday], from: \"22:00\", to: \"02:00\", minReplicas: 9 }\n- { days: [Sunday], from: \"01:00\", to: \"03:00\", maxReplicas: 5 }", "schedule[1]: contradicts schedule[0] on Sunday 01:00")]
    [InlineData("- { days: [Monday], from: \"08:00\", to: \"12:00\" }\n- { days: [Monday], from: \"11:00\", to: \"13:00\" }\n- { days: [Monday], from: \"09:00\", to: \"12:30\" }", "schedule[2]: never holds")]
    [InlineData("- { from: \"08:00\", to: \"12:00\", minReplicas: 11 }", "schedule[0].maxReplicas: 10 is below the window's minReplicas 11")]
    [InlineData("- { from: \"08:00\", to: \"08:00\" }", "schedule[0].to: 08:00 equals from: the window is empty")]
    public void Run_Schedule_NamesWhatContradicts(string windows, params string[] expected)
    {
        var result = PolicyReader.Read($"schedule:\n{windows}", "p.yaml");
        Assert.Equal(expected.Length, result.Errors.Length);
        Assert.All(expected.Zip(result.Errors), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
    }
}
