using MatchCluster.Api.Http.Callers;
using MatchCluster.Matching;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MatchCluster.Api.Tests.Searching;

/// <summary>
/// What a service level gives a call: a priority below all caps, and a deadline that only gets shorter.
/// </summary>
public sealed class ServiceLevelOfCallTests
{
    [Theory]
    [InlineData("", 9, null, 8)] // The level's own.
    [InlineData("&priority=3", 9, null, 3)] // The stated one wins.
    [InlineData("", 4, null, 4)] // The server's cap.
    [InlineData("", 9, 6, 6)] // The agreement's cap.
    public void A_level_gives_its_priority_to_a_call_that_states_none(string query, int most, int? agreed, int level)
    {
        HttpContext http = Call("?serviceLevel=9" + query, null, most);
        if (agreed is { } cap)
        {
            http.Features.Set(new PriorityCap(cap));
        }

        Assert.Equal(level, Priority.Of(http, Priority.Default).Level);
        Assert.Equal(5, Priority.Of(Call("", null, 9), Priority.Default).Level);
    }

    [Theory]
    [InlineData("rapid", null, 10)]
    [InlineData("rapid", "3000", 3)]
    [InlineData("rapid", "60000", 10)]
    [InlineData("routine", null, 120)]
    [InlineData("routine", "60000", 60)]
    [InlineData(null, "60000", 60)]
    [InlineData(null, null, 10)]
    public void A_deadline_is_the_shorter_one_of_level_and_caller(string? level, string? stated, int seconds)
    {
        HttpContext http = Call("", level, 9);
        if (stated is not null)
        {
            http.Request.Headers[Deadline.Header] = stated;
        }

        double left = http.Budget().Remaining.TotalSeconds;
        Assert.InRange(left, seconds - 2, seconds);
        Assert.True(left <= Limits.LongestDeadline.TotalSeconds);
    }

    private static DefaultHttpContext Call(string query, string? level, int most)
    {
        ServiceCollection services = new();
        services.AddSingleton(ServiceLevels.Default);
        services.AddSingleton(Admission.Default with { HighestPriority = new Priority(most) });
        DefaultHttpContext http = new() { RequestServices = services.BuildServiceProvider() };
        http.Request.QueryString = new QueryString(query);
        if (level is not null)
        {
            http.Request.Headers[ServiceLevels.Header] = level;
        }

        return http;
    }
}
