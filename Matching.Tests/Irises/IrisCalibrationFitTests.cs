using MatchCluster.Matching.Irises;

namespace MatchCluster.Matching.Tests.Irises;

public class IrisCalibrationFitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(111)]
    [InlineData(700)]
    public void The_tail_is_the_sum_of_the_binomial_terms(int tosses)
    {
        double sum = 0;
        double term = Math.Pow(0.5, tosses);
        for (int heads = 0; heads < tosses / 2; heads++)
        {
            sum += term;
            term *= (double)(tosses - heads) / (heads + 1);
            double log = IrisCalibrationTail.LogBelow((heads + 0.5) / tosses, tosses);
            Assert.Equal(1, Math.Exp(log - Math.Log(sum)), 1e-9);
        }

        Assert.Equal(Math.Log(0.5), IrisCalibrationTail.LogBelow(0.5, tosses), 1e-10);
    }

    [Fact]
    public void The_tail_neither_underflows_nor_bends_however_far_out()
    {
        double last = 0;
        for (int i = 500; i >= 0; i--)
        {
            double log = IrisCalibrationTail.LogBelow(i / 1000.0, 5000);
            Assert.True(double.IsFinite(log) && log < last, $"{log} at {i / 1000.0} after {last}");
            last = log;
        }

        Assert.Equal(-5000 * Math.Log(2), IrisCalibrationTail.LogBelow(0.5 / 5000, 5000), 1e-6);
    }

    [Fact]
    public void Distances_drawn_from_a_model_give_the_model_back()
    {
        const int Tosses = 150;
        const int Tries = 8;
        Random random = new(41);
        double[] distances = new double[60_000];
        foreach (ref double distance in distances.AsSpan())
        {
            int fewest = Tosses;
            for (int i = 0; i < Tries; i++)
            {
                fewest = Math.Min(fewest, Heads(random, Tosses));
            }

            // A real distance is not a multiple of 1/150: spread over the step it stands for.
            distance = (fewest + random.NextDouble() - 0.5) / Tosses;
        }

        IrisCalibrationFitted fitted = IrisCalibrationFit.Fit(distances);
        Assert.InRange(fitted.Model.DegreesOfFreedom, 0.94 * Tosses, 1.06 * Tosses);
        Assert.InRange(fitted.Model.EffectiveRotations, 0.8 * Tries, 1.25 * Tries);
        Assert.InRange(fitted.WorstError, 0, 1.2);
        Assert.Equal(distances.Length, fitted.Comparisons);
        Assert.InRange(fitted.LowestShare, 0.0004, 0.001);
    }

    [Fact]
    public void Too_few_distances_are_refused_with_their_number()
    {
        double[] few = [.. Enumerable.Range(0, 70).Select(i => 0.3 + (i / 1000.0))];
        Assert.Contains("70", Assert.Throws<ArgumentException>(() => IrisCalibrationFit.Fit(few)).Message);
        Assert.Throws<ArgumentException>(() => IrisCalibrationFit.Fit([]));
        double[] broken = [.. Enumerable.Repeat(0.4, 1000), double.NaN];
        ArgumentException error = Assert.Throws<ArgumentException>(() => IrisCalibrationFit.Fit(broken));
        Assert.Contains("not a number", error.Message);
    }

    private static int Heads(Random random, int tosses)
    {
        int heads = 0;
        for (int left = tosses; left > 0; left -= 50)
        {
            ulong bits = (ulong)random.NextInt64() & ((1UL << Math.Min(left, 50)) - 1);
            heads += System.Numerics.BitOperations.PopCount(bits);
        }

        return heads;
    }
}
