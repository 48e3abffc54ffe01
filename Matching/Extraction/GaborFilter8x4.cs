using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Extraction;

/// <summary>
/// Both filters of a kernel over 8 x 4 pixels: one vector a row, products and sums of their own (never fused)
/// in the order of the taps, so that every CPU gives what <see cref="Plain"/> gives.
/// </summary>
internal static class GaborFilter8x4
{
    public const int Columns = 8;
    public const int Rows = 4;

    /// <summary>Filters the pixels whose first is at <paramref name="at"/>.</summary>
    public static void Apply(
        GaborKernel kernel, float[] source, int stride, int at, float[] even, float[] odd)
    {
        ref float pixels = ref MemoryMarshal.GetArrayDataReference(source);
        ref float taps = ref MemoryMarshal.GetArrayDataReference(kernel.Taps);
        int[] widths = kernel.Widths;
        Check(kernel, source, stride, at);
        var centre = Vector256.Create(kernel.Centre);
        Vector256<float> e0 = Load(ref pixels, at) * centre;
        Vector256<float> e1 = Load(ref pixels, at + stride) * centre;
        Vector256<float> e2 = Load(ref pixels, at + (2 * stride)) * centre;
        Vector256<float> e3 = Load(ref pixels, at + (3 * stride)) * centre;
        Vector256<float> o0 = Vector256<float>.Zero;
        Vector256<float> o1 = o0;
        Vector256<float> o2 = o0;
        Vector256<float> o3 = o0;
        int tap = 0;
        for (int y = 0; y < widths.Length; y++)
        {
            int last = (y * stride) + widths[y];
            for (int offset = y == 0 ? 1 : (y * stride) - widths[y]; offset <= last; offset++)
            {
                var byEven = Vector256.Create(Unsafe.Add(ref taps, tap));
                var byOdd = Vector256.Create(Unsafe.Add(ref taps, tap + 1));
                tap += 2;
                int up = at + offset;
                int down = at - offset;
                Vector256<float> a = Load(ref pixels, up);
                Vector256<float> b = Load(ref pixels, down);
                e0 += (a + b) * byEven;
                o0 += (a - b) * byOdd;
                a = Load(ref pixels, up + stride);
                b = Load(ref pixels, down + stride);
                e1 += (a + b) * byEven;
                o1 += (a - b) * byOdd;
                a = Load(ref pixels, up + (2 * stride));
                b = Load(ref pixels, down + (2 * stride));
                e2 += (a + b) * byEven;
                o2 += (a - b) * byOdd;
                a = Load(ref pixels, up + (3 * stride));
                b = Load(ref pixels, down + (3 * stride));
                e3 += (a + b) * byEven;
                o3 += (a - b) * byOdd;
            }
        }

        e0.CopyTo(even, at);
        e1.CopyTo(even, at + stride);
        e2.CopyTo(even, at + (2 * stride));
        e3.CopyTo(even, at + (3 * stride));
        o0.CopyTo(odd, at);
        o1.CopyTo(odd, at + stride);
        o2.CopyTo(odd, at + (2 * stride));
        o3.CopyTo(odd, at + (3 * stride));
    }

    /// <summary>The twin that decides: one pixel after the other.</summary>
    public static void Plain(
        GaborKernel kernel, float[] source, int stride, int at, float[] even, float[] odd)
    {
        for (int i = 0; i < Columns * Rows; i++)
        {
            int here = at + (i / Columns * stride) + (i % Columns);
            float e = source[here] * kernel.Centre;
            float o = 0;
            int tap = 0;
            for (int y = 0; y < kernel.Widths.Length; y++)
            {
                for (int x = y == 0 ? 1 : -kernel.Widths[y]; x <= kernel.Widths[y]; x++, tap += 2)
                {
                    float a = source[here + (y * stride) + x];
                    float b = source[here - (y * stride) - x];
                    e += (a + b) * kernel.Taps[tap];
                    o += (a - b) * kernel.Taps[tap + 1];
                }
            }

            even[here] = e;
            odd[here] = o;
        }
    }

    private static void Check(GaborKernel kernel, float[] source, int stride, int at)
    {
        int reach = (kernel.Reach * stride) + kernel.Reach;
        if (at - reach < 0 || at + reach + (Rows * stride) + Columns > source.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(at), "found a filter that reaches outside its plane");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(ref float pixels, int at) =>
        Vector256.LoadUnsafe(ref pixels, (nuint)at);
}
