using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.Synthesis;

/// <summary>Holds the stated errors against the platform's functions.</summary>
public sealed class StableMathTests
{
    [Fact]
    public void Sine_and_cosine_are_within_their_error()
    {
        for (double turns = -2.5; turns < 2.5; turns += 0.00137)
        {
            Assert.InRange(StableMath.Sin(turns) - Math.Sin(turns * Math.Tau), -1e-9, 1e-9);
            Assert.InRange(StableMath.Cos(turns) - Math.Cos(turns * Math.Tau), -1e-9, 1e-9);
        }
    }

    [Fact]
    public void Directions_are_within_their_error_all_around()
    {
        for (double turns = -0.4999; turns < 0.5; turns += 0.00137)
        {
            double found = StableMath.Atan2(37 * Math.Sin(turns * Math.Tau), 37 * Math.Cos(turns * Math.Tau));
            Assert.InRange(found - turns, -2e-6, 2e-6);
        }

        Assert.Equal(0, StableMath.Atan2(0, 0));
        Assert.Equal(0.5, StableMath.Atan2(0, -1));
    }

    [Fact]
    public void The_exponential_is_within_its_relative_error()
    {
        for (double x = -10; x < 10; x += 0.0173)
        {
            Assert.InRange(StableMath.Exp(x) / Math.Exp(x), 1 - 1e-6, 1 + 1e-6);
        }
    }
}
