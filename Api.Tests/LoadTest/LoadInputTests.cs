using System.CommandLine;
using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Commands;
using MatchCluster.LoadTest.Runs;
using MatchCluster.LoadTest.Workload;
using Spectre.Console;

namespace MatchCluster.Api.Tests.LoadTest;

public sealed class LoadInputTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://localhost:5080/some/path?x=1", true)]
    [InlineData("http://[::1]:5080", true)]
    [InlineData("https://127.1.2.3", true)]
    [InlineData("http://192.168.0.1:5080", false)]
    [InlineData("http://localhost.example.org", false)]
    [InlineData("ftp://127.0.0.1", false)]
    [InlineData("127.0.0.1:5080", false)]
    [InlineData("", false)]
    public void Only_this_machine_is_loaded_by_default(string text, bool allowed)
    {
        Assert.Equal(
            allowed, TargetGuard.TryParse(text, allowRemote: false, out Uri? url, out string? error));
        Assert.Equal(allowed, url is not null);
        Assert.Equal(allowed, error is null);
        Assert.True(!allowed || url!.PathAndQuery == "/");
    }

    [Fact]
    public void Another_machine_is_loaded_when_that_is_said()
    {
        Assert.True(TargetGuard.TryParse("http://192.168.0.1:5080", allowRemote: true, out Uri? url, out _));
        Assert.Equal("http://192.168.0.1:5080/", url.ToString());
    }

    [Theory]
    [InlineData("finger")]
    [InlineData("finger=x")]
    [InlineData("finger=-1")]
    [InlineData("face=1")]
    [InlineData("enrol=1")]
    [InlineData("finger=0,iris=0")]
    [InlineData("")]
    [InlineData("finger=1e999")]
    public void A_mix_that_means_nothing_is_refused_with_what_was_found(string text)
    {
        Assert.False(ProbeMix.TryParse(text, out ProbeMix? mix, out string error));
        Assert.Null(mix);
        Assert.Contains("wanted", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mix_draws_each_kind_by_its_weight()
    {
        Assert.True(ProbeMix.TryParse("finger=6, iris=3,fused=1", out ProbeMix? mix, out _));
        var random = new Random(5);
        Dictionary<RequestKind, int> counts =
            Enumerable.Range(0, 10_000).Select(_ => mix.Draw(random)).CountBy(kind => kind).ToDictionary();
        Assert.InRange(counts[RequestKind.Finger], 5800, 6200);
        Assert.InRange(counts[RequestKind.Iris], 2800, 3200);
        Assert.InRange(counts[RequestKind.Fused], 850, 1150);
    }

    [Theory]
    [InlineData("--cores", "x")]
    [InlineData("--cores", "0")]
    [InlineData("--cores", "99999999999")]
    [InlineData("--rate", "NaN")]
    [InlineData("--cores", "1e")]
    [InlineData("--rate", "1,5")]
    public void A_number_that_is_none_or_out_of_range_is_an_error_that_names_its_option(string option, string text)
    {
        ParseResult parsed = LoadCommand.Create(AnsiConsole.Console).Parse(["simulate", option, text]);
        Assert.StartsWith($"{option}: found {text}, wanted ", parsed.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arrivals_are_a_poisson_process_of_their_rate_that_the_seed_repeats()
    {
        const int wanted = 20_000;
        var arrivals = new PoissonArrivals(50, new Random(3));
        var again = new PoissonArrivals(50, new Random(3));
        double last = 0;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < wanted; i++)
        {
            double next = arrivals.Next().TotalSeconds;
            Assert.Equal(next, again.Next().TotalSeconds);
            Assert.True(next >= last);
            sum += next - last;
            squares += (next - last) * (next - last);
            last = next;
        }

        // Exponential gaps: mean 1/rate, standard deviation equal to the mean.
        double mean = sum / wanted;
        double deviation = Math.Sqrt((squares / wanted) - (mean * mean));
        Assert.InRange(mean, 0.0196, 0.0204);
        Assert.InRange(deviation / mean, 0.97, 1.03);
    }
}
