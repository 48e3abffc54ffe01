using MatchCluster.Matching.Extraction;

namespace MatchCluster.Matching.Tests.Extraction;

/// <summary>Gabor filters against their plain twin and against the wave that they are made for.</summary>
public sealed class GaborFilterTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(0.11, 9)]
    [InlineData(0.25, 12)]
    [InlineData(0.43, 17)]
    public void Vectors_give_the_bits_of_the_plain_twin(double turns, double period)
    {
        var kernel = GaborKernel.Of(turns, period, 0.42 * period, 0.5 * period);
        Random random = new(7);
        const int Stride = 96;
        float[] source = new float[Stride * 96];
        for (int i = 0; i < source.Length; i++)
        {
            source[i] = (float)((random.NextDouble() * 6) - 3);
        }

        float[] even = new float[source.Length];
        float[] odd = new float[source.Length];
        float[] plainEven = new float[source.Length];
        float[] plainOdd = new float[source.Length];
        for (int at = (32 * Stride) + 32; at < (32 * Stride) + 56; at += 3)
        {
            GaborFilter8x4.Apply(kernel, source, Stride, at, even, odd);
            GaborFilter8x4.Plain(kernel, source, Stride, at, plainEven, plainOdd);
        }

        Assert.Equal(plainEven, even);
        Assert.Equal(plainOdd, odd);
        Assert.Contains(even, value => value != 0);
    }

    [Fact]
    public void A_wave_of_the_filters_own_kind_keeps_its_amplitude()
    {
        var kernel = GaborKernel.Of(0.1, 9, 3.8, 4.5);
        const int Stride = 96;
        float[] source = new float[Stride * 96];
        for (int i = 0; i < source.Length; i++)
        {
            double along = (i % Stride * Math.Cos(Math.Tau * 0.1)) + (i / Stride * Math.Sin(Math.Tau * 0.1));
            source[i] = (float)Math.Cos(Math.Tau * along / 9);
        }

        float[] even = new float[source.Length];
        float[] odd = new float[source.Length];
        int at = (44 * Stride) + 44;
        GaborFilter8x4.Apply(kernel, source, Stride, at, even, odd);
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(source[at + i], even[at + i], 0.02);
            Assert.Equal(1, Math.Sqrt((even[at + i] * even[at + i]) + (odd[at + i] * odd[at + i])), 0.03);
        }
    }

    [Fact]
    public void A_plane_of_one_grey_answers_nothing()
    {
        var kernel = GaborKernel.Of(0.2, 11, 4.6, 5.5);
        float[] source = new float[96 * 96];
        Array.Fill(source, 1f);
        float[] even = new float[source.Length];
        float[] odd = new float[source.Length];
        GaborFilter8x4.Apply(kernel, source, 96, (44 * 96) + 44, even, odd);
        Assert.Equal(0, even[(44 * 96) + 44], 1e-5);
        Assert.Equal(0, odd[(44 * 96) + 44], 1e-5);
    }
}
